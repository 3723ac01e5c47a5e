// Colours as sent, moved as far as it takes to be read (WCAG 2.2, 1.4.3: contrast of 4.5).

const enough = 4.5;
/** The chat's backgrounds, as css/tokens.css has them. */
const light = [255, 255, 255];
const dark = [27, 36, 54];

function luminance(rgb) {
  const [r, g, b] = rgb.map(value => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function readable(rgb, background) {
  const goal = luminance(background) > 0.5 ? 0 : 255;
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = rgb.map(value => Math.round(value + (goal - value) * share));
    if (contrast(mixed, background) >= enough) return mixed;
  }
  return [goal, goal, goal];
}

/** `rgb(1, 2, 3)`, as styles are computed, as `#010203`. */
export const hex = css =>
  `#${css.match(/\d+/g).slice(0, 3).map(part => Number(part).toString(16).padStart(2, "0")).join("")}`;

const text = rgb => `rgb(${rgb.join(" ")})`;

/** `#rrggbb` for the light and for the dark page; null for what is no colour. */
export function inks(color) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color ?? "");
  if (!found) return null;
  const rgb = found.slice(1).map(part => Number.parseInt(part, 16));
  return { light: text(readable(rgb, light)), dark: text(readable(rgb, dark)) };
}
