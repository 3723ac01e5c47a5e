// What the API's description says of each call, as far as making one takes. Pure functions of the parsed document.

/** Headers that a person who tries a call has something to say in. */
const offeredHeaders = new Set(["Prefer", "Idempotency-Key", "Last-Event-ID", "If-None-Match"]);

/** What a node stands for, if it is a reference. */
function resolved(root, node) {
  let at = node;
  for (let step = 0; step < 4 && at?.$ref; step += 1) {
    at = at.$ref.split("/").slice(1).reduce((inner, name) =>
      inner?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], root);
  }
  return at;
}

function exampleOf(root, node) {
  if (node.example !== undefined) return node.example;
  const [first] = Object.values(node.examples ?? {});
  return first === undefined ? undefined : resolved(root, first).value;
}

/** What comes back where it works: `json`, `text`, `stream` or `none`. */
function answerOf(root, responses) {
  const types = Object.entries(responses).filter(([status]) => status.startsWith("2"))
    .flatMap(([, response]) => Object.keys(resolved(root, response).content ?? {}));
  if (types.includes("text/event-stream")) return "stream";
  if (types.length === 0) return "none";
  return types.includes("application/json") ? "json" : "text";
}

/**
 * `{parameters: [{name, place, isRequired, example, choices}], bodies: [{name, value}], hasToken, takesNothing, answer}` of a
 * call; `bodies` are examples, the first of which is shown.
 */
export function callOf(root, method, path) {
  const item = root.paths[path];
  const operation = item[method];
  const all = [...item.parameters ?? [], ...operation.parameters ?? []].map(node => resolved(root, node));
  const parameters = all.filter(({ in: place, name }) => place !== "header" || offeredHeaders.has(name)).map(node => {
    const schema = resolved(root, node.schema ?? {});
    return {
      name: node.name, place: node.in, isRequired: node.required === true, example: exampleOf(root, node),
      choices: schema.enum ?? null
    };
  });
  const content = resolved(root, operation.requestBody)?.content?.["application/json"];
  const examples = content?.example === undefined ? content?.examples ?? {} : { example: { value: content.example } };
  const bodies = Object.entries(examples).map(([name, example]) => ({ name, value: resolved(root, example).value }));
  const security = operation.security ?? root.security ?? [];
  return {
    parameters, bodies, hasToken: security.some(choice => Object.keys(choice).length > 0),
    isOpenToo: security.length === 0 || security.some(choice => Object.keys(choice).length === 0),
    answer: answerOf(root, operation.responses)
  };
}

/** The call's path with these values; what is not given stays as it is in the description. */
export function targetOf(path, parameters, values) {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => (values[name] ? encodeURIComponent(values[name]) : whole));
  const query = parameters.filter(({ name, place }) => place === "query" && values[name])
    .map(({ name }) => `${encodeURIComponent(name)}=${encodeURIComponent(values[name])}`);
  return query.length > 0 ? `${filled}?${query.join("&")}` : filled;
}

export const headersOf = (parameters, values) => Object.fromEntries(
  parameters.filter(({ name, place }) => place === "header" && values[name]).map(({ name }) => [name, values[name]]));
