// Remembers, in this tab alone, at which address the button of the center's identity provider was pressed; go.js leads back.
(() => {
  if (window.deskRemembers) return;
  window.deskRemembers = true;
  addEventListener("click", (press) => {
    if (press.target.closest(".st-key-outside button") && location.pathname !== "/")
      sessionStorage.setItem("desk-back", location.pathname + location.search);
  }, true);
})();
