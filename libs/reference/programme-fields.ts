import { programmeJsonSchema } from '#libs/programmes/index.js';

interface Schema {
  type?: string;
  description?: string;
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

export interface ProgrammeField {
  /** Such as `clocks.answerBusinessDays`; `[]` stands for each entry of a list. */
  path: string;
  form: string;
  meaning: string;
}

/** Returns every field of a programme document in order; a text in several languages is one field. */
export const programmeFields = (): ProgrammeField[] => fieldsOf(programmeJsonSchema(), '');

function fieldsOf(schema: Schema, prefix: string): ProgrammeField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const own = { path, form: formOf(field), meaning: field.description ?? '' };
    if (isText(field)) return [own];
    const inner = field.items?.properties === undefined ? fieldsOf(field, `${path}.`) : fieldsOf(field.items, `${path}[].`);
    return [own, ...inner];
  });
}

const isText = ({ properties }: Schema): boolean => properties !== undefined && 'en' in properties;

function formOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(formOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (isText(schema)) return 'text, en and ru';
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'values' : formOf(schema.items)}`;
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'string') return schema.format ?? 'text';
  if (schema.type === 'boolean') return 'true or false';
  return schema.type ?? '';
}
