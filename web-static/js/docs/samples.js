// The same call for a shell, for Python and for Node, each with nothing but what comes with it. Pure functions.
//
// A call is `{method, address, headers, body, hasToken, answer}`: `body` is a value or undefined, `answer` is `json`, `text`,
// `stream` or `none`. Whoever runs one has the token in the variable TOKEN.

const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

export function asCurl({ method, address, headers, body, hasToken, answer }) {
  const parts = [`curl ${answer === "stream" ? "-N " : ""}${method === "GET" ? "" : `-X ${method} `}${quoted(address)}`];
  if (hasToken) parts.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return parts.join(" \\\n  ");
}

/** A value as Python writes it, on several lines where it is long. */
export function pythonValue(value, indent = "") {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  // JSON's escapes are Python's too.
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? "[]" : "{}";
  const items = (inner) => (isList ? value.map(item => pythonValue(item, inner))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${pythonValue(item, inner)}`));
  const line = `${open}${items(indent).join(", ")}${close}`;
  if (line.length + indent.length <= 88 && !line.includes("\n")) return line;
  const inner = `${indent}    `;
  return `${open}\n${items(inner).map(item => inner + item).join(",\n")}\n${indent}${close}`;
}

export function asPython({ method, address, headers, body, hasToken, answer }) {
  const fields = Object.entries(headers).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (hasToken) fields.unshift('"Authorization": "Bearer " + os.environ["TOKEN"]');
  if (body !== undefined) fields.push('"Content-Type": "application/json"');
  const argumentsOf = [JSON.stringify(address), method === "GET" ? "" : `method=${JSON.stringify(method)}`,
    fields.length > 0 ? `headers={${fields.join(", ")}}` : "",
    body === undefined ? "" : `data=json.dumps(${pythonValue(body, "    ")}).encode()`].filter(Boolean);
  const ends = {
    json: ["    print(json.load(answer))"], text: ["    print(answer.read().decode())"], none: ["    print(answer.status)"],
    stream: ["    for line in answer:", '        print(line.decode(), end="", flush=True)']
  };
  const needsJSON = body !== undefined || answer === "json";
  const imports = [needsJSON && "json", hasToken && "os", "urllib.request"].filter(Boolean).join(", ");
  return [`import ${imports}`, "", "request = urllib.request.Request(", `    ${argumentsOf.join(",\n    ")})`,
    "with urllib.request.urlopen(request) as answer:", ...ends[answer]].join("\n");
}

const isName = text => /^[A-Za-z_]\w*$/.test(text);

export function asNode({ method, address, headers, body, hasToken, answer }) {
  const fields = Object.entries(headers).map(([name, value]) =>
    `${isName(name) ? name : JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (hasToken) fields.unshift("Authorization: `Bearer ${process.env.TOKEN}`");
  if (body !== undefined) fields.push('"Content-Type": "application/json"');
  const options = [method === "GET" ? "" : `method: ${JSON.stringify(method)}`,
    fields.length > 0 ? `headers: { ${fields.join(", ")} }` : "",
    body === undefined ? "" : `body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")})`].filter(Boolean);
  const ends = {
    json: "console.log(answer.status, await answer.json());", text: "console.log(await answer.text());",
    none: "console.log(answer.status);",
    stream: "for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) process.stdout.write(piece);"
  };
  const call = options.length > 0 ? `fetch(${JSON.stringify(address)}, {\n  ${options.join(",\n  ")}\n})`
    : `fetch(${JSON.stringify(address)})`;
  return `const answer = await ${call};\n${ends[answer]}`;
}

/** In the order in which they are shown. */
export const languages = { curl: asCurl, Python: asPython, Node: asNode };
