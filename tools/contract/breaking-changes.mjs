import { misfits } from './schemas.mjs';

/** @typedef {import('./schemas.mjs').Schema} Schema */
/** @typedef {Record<string, Record<string, Operation>>} Paths */
/** @typedef {{ paths: Paths, webhooks?: Paths, components: { schemas: Record<string, Schema> } }} Contract */
/** @typedef {{ content?: Record<string, { schema: Schema }>, required?: boolean }} Message */
/** @typedef {{ name: string, in: string, required?: boolean, schema?: Schema }} Parameter */
/** @typedef {{ operationId: string, security?: object[], parameters?: Parameter[], requestBody?: Message, responses: Record<string, Message> }} Operation */
/** @typedef {{ before: Contract, after: Contract, name: string }} Compared */

/**
 * Lists what would break a client of the old contract, one sentence each, sorted. What is added breaks nobody: operations, optional parameters and
 * members, members and values of responses, statuses of errors.
 * @param {Contract} before
 * @param {Contract} after
 */
export function breakingChanges(before, after) {
  const changes = Object.entries(before.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      return now === undefined ? [`${name}: is gone`] : changesOf(operation, now, { before, after, name });
    }),
  );
  return [...new Set([...changes, ...webhooksOf(before, after)])].sort();
}

/**
 * What the installation sends to its clients promises as much as what it answers.
 * @param {Contract} before
 * @param {Contract} after
 */
function webhooksOf(before, after) {
  return Object.entries(before.webhooks ?? {}).flatMap(([name, { post: old }]) =>
    Object.entries(old?.requestBody?.content ?? {}).flatMap(([type, { schema }]) => {
      const current = after.webhooks?.[name]?.['post']?.requestBody?.content?.[type];
      const where = { from: after.components.schemas, to: before.components.schemas, at: `webhook ${name} (${type}) `, isResponse: true };
      return current === undefined ? [`webhook ${name} (${type}): is gone`] : misfits(current.schema, schema, where);
    }),
  );
}

/**
 * @param {Operation} old
 * @param {Operation} now
 * @param {Compared} compared
 */
function changesOf(old, now, compared) {
  const { name } = compared;
  const changes = [...parametersOf(old, now, compared), ...bodyOf(old, now, compared), ...answersOf(old, now, compared)];
  if (old.operationId !== now.operationId) changes.push(`${name}: operationId is ${now.operationId}, was ${old.operationId}`);
  if ((old.security ?? []).length === 0 && (now.security ?? []).length > 0) changes.push(`${name}: needs a token now`);
  return changes;
}

/**
 * @param {Operation} old
 * @param {Operation} now
 * @param {Compared} compared
 */
function parametersOf({ parameters: known = [] }, { parameters = [] }, { before, after, name }) {
  const same = (/** @type {Parameter[]} */ list, /** @type {Parameter} */ one) =>
    list.find((other) => other.name === one.name && other.in === one.in);
  const changes = parameters.flatMap((parameter) => {
    const isNew = parameter.required && !same(known, parameter)?.required;
    return isNew ? [`${name}: parameter ${parameter.name} is required now`] : [];
  });
  for (const parameter of known) {
    const current = same(parameters, parameter);
    const where = {
      from: before.components.schemas,
      to: after.components.schemas,
      at: `${name}: parameter ${parameter.name}`,
      isResponse: false,
    };
    // A query has only text: "true" as one of two words, and true, are the same.
    const isText =
      parameter.in !== 'body' && current?.schema?.['type'] === 'boolean' && parameter.schema?.['enum']?.join() === 'true,false';
    if (current === undefined) changes.push(`${where.at} is gone`);
    else if (!isText) changes.push(...misfits(parameter.schema ?? {}, current.schema ?? {}, where));
  }
  return changes;
}

/**
 * @param {Operation} old
 * @param {Operation} now
 * @param {Compared} compared
 */
function bodyOf({ requestBody: old }, { requestBody: now }, { before, after, name }) {
  if (now?.required && !old?.required) return [`${name}: needs a body now`];
  if (old && !now) return [`${name}: takes no body now`];
  return Object.entries(old?.content ?? {}).flatMap(([type, { schema }]) => {
    const current = now?.content?.[type];
    if (current === undefined) return [`${name}: takes no ${type} now`];
    return misfits(schema, current.schema, {
      from: before.components.schemas,
      to: after.components.schemas,
      at: `${name}: body `,
      isResponse: false,
    });
  });
}

/**
 * Successes alone: the contract promises of an error only that it is a problem with a code.
 * @param {Operation} old
 * @param {Operation} now
 * @param {Compared} compared
 */
function answersOf({ responses: old }, { responses: now }, { before, after, name }) {
  const successes = (/** @type {Record<string, Message>} */ all) => Object.keys(all).filter((status) => status.startsWith('2'));
  const fresh = successes(now).filter((status) => !(status in old));
  const changes = fresh.map((status) => `${name}: may answer ${status} now`);
  for (const status of successes(old)) {
    for (const [type, { schema }] of Object.entries(old[status]?.content ?? {})) {
      const current = now[status]?.content?.[type];
      const where = { from: after.components.schemas, to: before.components.schemas, at: `${name}: answer ${status} `, isResponse: true };
      if (current === undefined) changes.push(`${name}: answer ${status} is no longer ${type}`);
      else changes.push(...misfits(current.schema ?? {}, schema ?? {}, where));
    }
  }
  return changes;
}
