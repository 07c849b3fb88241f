// Carries out what the page's one #desk-go element asks: begin or end this browser's session, then load the page anew.
(async () => {
  const go = document.getElementById("desk-go");
  if (!go || go.dataset.done) return;
  go.dataset.done = "yes";
  await fetch(go.dataset.to, { method: "POST", body: go.dataset.ticket || "", credentials: "same-origin" });
  if (go.dataset.then) window.location.replace(go.dataset.then);
  else window.location.reload();
})();
