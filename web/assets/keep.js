// A text box is heard when it is left. Escape closes a dialog and a reload leaves the page without leaving the box:
// the box is left first, so that what stands in it is kept.
(() => {
  if (window.deskKeeps) return;
  window.deskKeeps = true;
  const leave = () => {
    const box = document.activeElement;
    if (box && box.matches("textarea, input:not([role=combobox])")) box.blur();
  };
  addEventListener("keydown", (key) => key.key === "Escape" && leave(), true);
  addEventListener("beforeunload", leave);
})();
