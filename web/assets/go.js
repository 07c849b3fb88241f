// Carries out what the page's one #desk-go element asks: begin or end this browser's session, then load the page anew,
// or the page at which somebody went to sign in through the center's provider, who only leads back to the start.
(async () => {
  const go = document.getElementById("desk-go");
  if (!go || go.dataset.done) return;
  go.dataset.done = "yes";
  await fetch(go.dataset.to, { method: "POST", body: go.dataset.ticket || "", credentials: "same-origin" });
  const back = location.pathname === "/" && sessionStorage.getItem("desk-back");
  sessionStorage.removeItem("desk-back");
  if (go.dataset.then) window.location.replace(go.dataset.then);
  else if (back) window.location.replace(location.origin + back);
  else window.location.reload();
})();
