import { isKey, schemaName } from './contract.mjs';
import { placeOf } from './names.mjs';

/** @typedef {import('./contract.mjs').Contract} Contract */
/** @typedef {import('./contract.mjs').Operation} Operation */
/** @typedef {{ path: string, method: string, operation: Operation }} Found */

/**
 * @typedef {object} Method a method of the client, as text
 * @property {string} resource
 * @property {string} text
 * @property {string} sends the generated function that it calls
 * @property {string[]} types that it may mention
 */

/**
 * @typedef {object} Shape what a call takes
 * @property {string[]} parameters as declared, without the options
 * @property {string[]} input members of what is sent
 * @property {string} options the type of the last parameter, with its mark
 */

/**
 * Writes the method of an operation, or returns undefined if the client leaves it out.
 * @param {Contract} contract
 * @param {Found} found
 * @returns {Method | undefined}
 */
export function methodOf(contract, found) {
  const { operation } = found;
  const place = placeOf(operation.operationId);
  if (place === undefined) return undefined;
  const pascal = operation.operationId.split('_').map(capital).join('');
  const sends = `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`;
  const page = pageOf(contract, operation);
  const parts = { contract, ...found, name: place.method, pascal, sends };
  const text = page ? listText(parts, page) : callText(parts);
  return {
    resource: place.resource,
    text,
    sends,
    types: [`${pascal}Data`, `${pascal}Response`, ...schemasOf(operation), ...(page ? [page.item] : [])],
  };
}

/** @typedef {Found & { contract: Contract, name: string, pascal: string, sends: string }} Parts */

/** @param {Parts} parts */
function callText(parts) {
  const { operation, name, pascal, sends, method } = parts;
  const { parameters, input, options } = shapeOf(parts);
  const answer = answerOf(operation, pascal);
  const how = answer === 'Response' ? 'download' : method === 'get' ? 'read' : isKeyed(operation) ? 'write' : 'once';
  return `${commentOf(parts, operation)}
  ${name}(${[...parameters, options].join(', ')}): Promise<${answer}> {
    return this.connection.${how}(${sends}, ${record(input)}, options);
  }`;
}

/**
 * @param {Parts} parts
 * @param {{ name: string, item: string, isFeed: boolean }} page
 */
function listText(parts, page) {
  const { operation, name, sends } = parts;
  const { parameters, input } = shapeOf(parts);
  const cursor = operation.parameters?.find((parameter) => ['cursor', 'after'].includes(parameter.name))?.name;
  const isQueried = parameters.some((parameter) => parameter.startsWith('query?'));
  const query = `query: { ...query, ${cursor}: cursor ?? query${isQueried ? '?' : ''}.${cursor} }`;
  const sent = cursor ? [...input.filter((part) => part !== 'query'), query] : input;
  const read = `this.connection.read<${page.name}>(${sends}, ${record(sent)}, options)`;
  const list = `${commentOf(parts, operation)}
  ${name}(${[...parameters, 'options?: RequestOptions'].join(', ')}): Pages<${page.name}> {
    return new Pages((${cursor ? 'cursor' : ''}) => ${read});
  }`;
  if (!page.isFeed) return list;
  const description = `Visits what it holds and then what is added, until you stop. ${operation.description}`;
  return `${list}

${commentOf(parts, { summary: 'Follow the feed', description })}
  follow(${[...parameters, 'options?: FollowOptions'].join(', ')}): AsyncGenerator<${page.item}, never, void> {
    return follow((cursor) => ${read}, query?.${cursor}, options);
  }`;
}

/**
 * Path parameters come first, then the body, then the query of a read; the query of a write is part of the options.
 * @param {Parts} parts
 * @returns {Shape}
 */
function shapeOf({ contract, operation, pascal, method }) {
  const { parameters = [], requestBody } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const match = parameters.find((parameter) => parameter.name === 'If-Match');
  const isRead = method === 'get';
  const needsQuery = inQuery.some((parameter) => parameter.required);
  const mark = match?.required || (needsQuery && !isRead) ? '' : '?';
  const query = `NonNullable<${pascal}Data['query']>`;
  const contentTypes = Object.keys(requestBody?.content ?? {});

  const declared = inPath.map(({ name, schema }) => `${name}: ${schema?.type === 'integer' ? 'number' : 'string'}`);
  const input = inPath.length > 0 ? [`path: ${record(inPath.map(({ name }) => name))}`] : [];
  const options = [isKeyed(operation) ? 'KeyOptions' : 'RequestOptions'];
  if (requestBody) {
    const schema = contentTypes.length === 1 ? schemaName(requestBody) : undefined;
    const isEmpty = schema === 'Nothing';
    const orText = contentTypes.length > 1 && contentTypes.some(isJson) ? ' | string' : '';
    if (!isEmpty)
      declared.push(`body: ${schema ?? `${pascal}Data['body']`}${orText}${mark && isOptional(contract, schema) ? ' = {}' : ''}`);
    input.push(isEmpty ? 'body: {}' : 'body');
  }
  if (match) options.push(match.required ? 'IfMatch' : 'Partial<IfMatch>');
  if (inQuery.length > 0 && isRead) {
    declared.push(`query${needsQuery ? '' : '?'}: ${query}`);
    input.push('query');
  } else if (inQuery.length > 0) {
    options.push(query);
    input.push(`query: ${record(inQuery.map(({ name }) => `${name}: options${mark}.${name}`))}`);
  }
  if (contentTypes.length > 1) {
    options.push(`{ contentType?: ${contentTypes.map((type) => `'${type}'`).join(' | ')} }`);
    input.push(`contentType: options${mark}.contentType ?? '${contentTypes[0]}'`);
  } else if (contentTypes.some((type) => !/json|form-data/.test(type))) {
    input.push(`contentType: '${contentTypes[0]}'`);
  }
  return { parameters: declared, input, options: `options${mark}: ${options.join(' & ')}` };
}

/**
 * Whether an object without members is a valid body.
 * @param {Contract} contract
 * @param {string | undefined} schema
 */
function isOptional({ components }, schema) {
  const { type, required = [] } = (schema && components.schemas[schema]) || {};
  return type === 'object' && Array.isArray(required) && required.length === 0;
}

/** @param {Operation} operation */
const isKeyed = ({ parameters = [] }) => parameters.some(isKey);

/**
 * The list that an operation returns page by page.
 * @param {Contract} contract
 * @param {Operation} operation
 */
function pageOf({ components }, { responses }) {
  const name = schemaName(responses['200']);
  const properties = (name !== undefined && components.schemas[name]?.properties) || {};
  const item = properties['items']?.items?.$ref?.split('/').at(-1);
  if (name === undefined || item === undefined || !properties['next']) return undefined;
  return { name, item, isFeed: properties['hasMore'] !== undefined };
}

/**
 * The type of what an operation returns. A file is returned as the response, to be read or streamed.
 * @param {Operation} operation
 * @param {string} pascal
 */
function answerOf(operation, pascal) {
  const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const filled = successes.filter(([, { content }]) => content !== undefined);
  const offersFormats = operation.parameters?.some(({ name }) => name === 'format');
  if (offersFormats || filled.some(([, { content }]) => !Object.keys(content ?? {}).some(isJson))) return 'Response';
  if (filled.length === 0) return 'void';
  const names = [...new Set(filled.map(([, answer]) => schemaName(answer)))];
  const type = names.length === 1 && names[0] !== undefined ? names[0] : `${pascal}Response`;
  return successes.length > filled.length ? `${type} | undefined` : type;
}

/** @param {string} type */
const isJson = (type) => /^application\/(\w+\+)?json$/.test(type);

/** @param {Operation} operation */
const schemasOf = ({ requestBody, responses }) =>
  [requestBody, ...Object.values(responses)].flatMap((message) => schemaName(message) ?? []);

/**
 * @param {Found} found
 * @param {Pick<Operation, 'summary' | 'description'>} text
 */
function commentOf({ method, path }, { summary, description }) {
  const lines = [`${summary}.`, '', ...description.split('\n'), '', `\`${method.toUpperCase()} ${path}\``];
  return ['  /**', ...lines.map((line) => `   * ${line}`.trimEnd()), '   */'].join('\n');
}

/** @param {string[]} members */
const record = (members) => (members.length === 0 ? '{}' : `{ ${members.join(', ')} }`);

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
