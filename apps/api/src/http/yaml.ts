import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/problems/index.js';
import { type Document, parseYaml } from '#libs/publications/index.js';
import { jsonType, YamlText, yamlType } from './bodies.js';

/** Reads a JSON or YAML document without checking its fields. */
export const SentDocument = createParamDecorator((_: unknown, context: ExecutionContext): Document => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  const value = body instanceof YamlText ? parsed(body.text) : body;
  if (isDeeper(value, deepest)) throw new Problem('malformed_body', { detail: `The document is nested more than ${deepest} levels deep.` });
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Document;
  throw new Problem('malformed_body', { detail: 'The body must be one document: a JSON object or a YAML mapping.' });
});

/** Far deeper than any programme, far shallower than a stack overflow. */
const deepest = 32;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)));

function parsed(text: string): unknown {
  const result = parseYaml(text);
  if (!result.ok) throw new Problem('malformed_body', { detail: result.message });
  return result.value;
}

export type Form = 'json' | 'yaml';

/** Returns the media type that the caller prefers by its `Accept`. */
export const AcceptedForm = createParamDecorator((_: unknown, context: ExecutionContext): Form => {
  return formOf(context.switchToHttp().getRequest<FastifyRequest>().headers.accept ?? '*/*');
});

const forms: Record<string, Form> = { [yamlType]: 'yaml', [jsonType]: 'json', 'application/*': 'json', '*/*': 'json' };

/** Returns the acceptable media type with the highest weight; of equals, the first. */
export function formOf(accept: string): Form {
  const offers = accept.split(',').flatMap((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const form = forms[type];
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return form !== undefined && weight > 0 ? [{ form, weight }] : [];
  });
  const best = offers.reduce<(typeof offers)[number] | undefined>((a, b) => (a === undefined || b.weight > a.weight ? b : a), undefined);
  if (best === undefined)
    throw new Problem('not_acceptable', { detail: 'The document is available as application/json or application/yaml.' });
  return best.form;
}
