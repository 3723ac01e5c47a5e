// Prometheus' text format, as far as charts need it.

const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;

const unescape = text => text.replace(/\\(.)/g, (_, character) => (character === "n" ? "\n" : character));

/** Families by name: `{name, type, help, samples: [{name, labels, value}]}`. */
export function parseMetrics(text) {
  const families = new Map();
  const family = name => {
    if (!families.has(name)) families.set(name, { name, type: "untyped", help: "", samples: [] });
    return families.get(name);
  };
  for (const line of text.split("\n")) {
    const comment = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line);
    if (comment) {
      family(comment[2])[comment[1] === "TYPE" ? "type" : "help"] = comment[3];
      continue;
    }
    const found = line.startsWith("#") ? null : sample.exec(line);
    if (!found) continue;
    const [, name, labels = "", value] = found;
    const base = name.replace(/_(?:bucket|sum|count)$/, "");
    const owner = families.get(base)?.type === "histogram" || families.get(base)?.type === "summary" ? base : name;
    family(owner).samples.push({
      name,
      labels: Object.fromEntries([...labels.matchAll(label)].map(([, key, text_]) => [key, unescape(text_)])),
      value: Number(value.replace("Inf", "Infinity"))
    });
  }
  return families;
}
