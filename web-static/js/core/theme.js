// The colours that the person has chosen for this page.

import { preferences } from "./preferences.js";

export function followTheme() {
  const apply = () => {
    const theme = preferences.get("theme");
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  preferences.addEventListener("change", apply);
}
