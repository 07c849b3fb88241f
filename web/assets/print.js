// Prints the page when its #desk-print button is pressed.
document.getElementById("desk-print")?.addEventListener("click", () => window.print());
