// The system's notifications, where the person and the browser allow them and the page is out of sight.

import { preferences } from "../core/preferences.js";

export const canNotify = () => "Notification" in window && window.isSecureContext;

/** Asks the browser; true when it allows. Has to come from a click. */
export async function askToNotify() {
  if (!canNotify()) return false;
  return await Notification.requestPermission() === "granted";
}

export function notify(title, body, tag, onclick) {
  if (!canNotify() || !preferences.get("notifications") || Notification.permission !== "granted") return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  const notification = new Notification(title, { body, tag, icon: "/favicon.svg" });
  notification.onclick = () => {
    window.focus();
    notification.close();
    onclick?.();
  };
}
