import type { OpenAPIObject } from '@nestjs/swagger';
import { examples } from './examples/index.js';
import { refusalExamples } from './examples/refusals.js';

interface Media {
  schema?: { $ref?: string; format?: string };
  examples?: unknown;
}
interface Operation {
  operationId: string;
  requestBody?: { content?: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/** Files have no example: their bytes would say nothing. */
const isFile = ({ schema }: Media): boolean => schema?.format === 'binary';

/**
 * Gives each body of each operation its example. There is one example for each schema, for each body without a named schema, and for each status of
 * problems; operations refer to it.
 */
export function addExamples(document: OpenAPIObject): void {
  const components = document.components!;
  const schemas = components.schemas as Record<string, { example?: unknown }>;
  const used: Record<string, { value: unknown }> = {};
  const add = (media: Media, name: string, value: unknown) => {
    if (value === undefined) return;
    used[name] = { value };
    media.examples = { sample: { $ref: `#/components/examples/${name}` } };
  };
  const addTo = (content: Record<string, Media> | undefined, place: string) => {
    for (const [type, media] of Object.entries(content ?? {})) {
      if (isFile(media)) continue;
      const schema = media.schema?.$ref?.split('/').at(-1);
      const name = schema ?? `${place}_${type.replace(/;.*/, '').replace(/\W/g, '_')}`;
      add(media, name, examples[name] ?? (schema && schemas[schema]?.example));
    }
  };
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item as Record<string, Operation>)) {
      addTo(operation.requestBody?.content, `${operation.operationId}_request`);
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const problem = content?.['application/problem+json'];
        if (problem) add(problem, `Problem_${status}`, refusalExamples[status]);
        else addTo(content, operation.operationId);
      }
    }
  }
  components.examples = Object.fromEntries(
    Object.keys(used)
      .sort()
      .map((name) => [name, used[name]!]),
  );
}
