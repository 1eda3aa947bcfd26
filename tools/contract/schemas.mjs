/** @typedef {Record<string, any>} Schema */
/** @typedef {Record<string, Schema>} Schemas the components of a document, by name */
/** @typedef {{ from: Schemas, to: Schemas, at: string, isResponse: boolean }} Where */

/** Keywords that bound a value from above, and from below. */
const upper = ['maxLength', 'maximum', 'maxItems', 'maxProperties'];
const lower = ['minLength', 'minimum', 'minItems', 'minProperties', 'exclusiveMinimum'];

/**
 * Lists why what was valid by the old schema may not be valid by the new one. For a request, old is the old contract: what clients send must stay
 * valid. For a response, the contracts change sides: what the API now sends must be what clients were promised.
 * @param {Schema} from what is sent
 * @param {Schema} to what is accepted
 * @param {Where} where
 * @returns {string[]}
 */
export function misfits(from, to, where) {
  const sent = alternatives(from, where.from);
  const accepted = alternatives(to, where.to);
  if (sent.length === 1 && accepted.length === 1) return misfitsOfOne(sent[0] ?? {}, accepted[0] ?? {}, where);
  return sent.flatMap((one) => {
    const tries = accepted.map((other) => misfitsOfOne(one, other, where));
    if (tries.some((faults) => faults.length === 0)) return [];
    // One alternative of the same type says best what has changed.
    const similar = accepted.flatMap((other, index) => (other.type === one.type ? [tries[index] ?? []] : []));
    return similar.length === 1
      ? (similar[0] ?? [])
      : [`${where.at}: ${nameOf(one)} ${where.isResponse ? 'is new' : 'is no longer accepted'}`];
  });
}

/**
 * @param {Schema} from
 * @param {Schema} to
 * @param {Where} where
 * @returns {string[]}
 */
function misfitsOfOne(from, to, where) {
  const { at, isResponse } = where;
  if (to.type !== undefined && from.type !== to.type && !(from.type === 'integer' && to.type === 'number'))
    return [isResponse ? `${at}: was ${nameOf(to)}, is ${nameOf(from)}` : `${at}: was ${nameOf(from)}, is ${nameOf(to)}`];
  if (from.type === 'object') return misfitsOfObject(from, to, where);
  if (from.type === 'array') return [...limits(from, to, where), ...misfits(from.items ?? {}, to.items ?? {}, { ...where, at: `${at}/*` })];
  return [...limits(from, to, where), ...words(from, to, where)];
}

/**
 * @param {Schema} from
 * @param {Schema} to
 * @param {Where} where
 * @returns {string[]}
 */
function misfitsOfObject(from, to, where) {
  const { at, isResponse } = where;
  const ours = from.properties ?? {};
  const theirs = to.properties ?? {};
  const missing = (to.required ?? []).filter((/** @type {string} */ name) => !(from.required ?? []).includes(name));
  const faults = missing.map((/** @type {string} */ name) =>
    isResponse ? `${at}/${name}: ${name in ours ? 'is no longer always there' : 'is gone'}` : `${at}/${name}: is required now`,
  );
  for (const [name, schema] of Object.entries(ours)) {
    if (name in theirs) faults.push(...misfits(schema, theirs[name], { ...where, at: `${at}/${name}` }));
    // Clients ignore what they do not know; the API refuses it where the schema is closed.
    else if (!isResponse && to.additionalProperties === false) faults.push(`${at}/${name}: is no longer accepted`);
  }
  if (isResponse) {
    const gone = Object.keys(theirs).filter((name) => !(name in ours) && !missing.includes(name));
    faults.push(...gone.map((name) => `${at}/${name}: is gone`));
  }
  return faults;
}

/**
 * Limits of what is accepted. What the API sends may be longer than it was: a limit there is no promise.
 * @param {Schema} from
 * @param {Schema} to
 * @param {Where} where
 */
function limits(from, to, { at, isResponse }) {
  if (isResponse) return [];
  const faults = [
    ...upper.filter((name) => to[name] !== undefined && !(from[name] <= to[name])),
    ...lower.filter((name) => to[name] !== undefined && !(from[name] >= to[name]) && !(from[name] === undefined && to[name] === 0)),
  ].map((name) => `${at}: ${name} is ${to[name]}, was ${from[name] ?? 'not limited'}`);
  if (to.pattern !== undefined && from.pattern !== to.pattern) faults.push(`${at}: the pattern has changed`);
  return faults;
}

/**
 * Fixed values. Responses may get new ones: the contract says so.
 * @param {Schema} from
 * @param {Schema} to
 * @param {Where} where
 */
function words(from, to, { at, isResponse }) {
  if (isResponse || (to.enum === undefined && to.const === undefined)) return [];
  const accepted = to.enum ?? [to.const];
  const sent = from.enum ?? (from.const === undefined ? undefined : [from.const]);
  if (sent === undefined) return [`${at}: only ${accepted.join(', ')} ${accepted.length === 1 ? 'is' : 'are'} accepted now`];
  return sent
    .filter((/** @type {unknown} */ word) => !accepted.includes(word))
    .map((/** @type {unknown} */ word) => `${at}: ${word} is no longer accepted`);
}

/**
 * @param {Schema} schema
 * @param {Schemas} components
 * @returns {Schema}
 */
function resolved(schema, components) {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(components[name] ?? {}, components);
}

/**
 * The forms that a value can have, each with one type.
 * @param {Schema} schema
 * @param {Schemas} components
 * @returns {Schema[]}
 */
function alternatives(schema, components) {
  const { anyOf, oneOf, type, ...rest } = resolved(schema, components);
  const branches = anyOf ?? oneOf;
  if (branches) return branches.flatMap((/** @type {Schema} */ branch) => alternatives(branch, components));
  if (!Array.isArray(type)) return [{ ...rest, type: type ?? (rest.properties && 'object') }];
  return type.map((one) => ({ ...rest, type: one }));
}

/** @param {Schema} schema */
const nameOf = ({ type, const: only, enum: some }) => String(only ?? (some?.length === 1 ? some[0] : (type ?? 'any value')));
