import { environmentSchema, type VariableName, type VariableText, variableTexts } from './environment.schema.js';

export interface ConfigurationVariable {
  name: VariableName;
  /** The value that applies when the variable is not set, or a description; null if there is none. */
  default: string | null;
  meaning: string;
  form: string;
  isSecret: boolean;
}

/** Every environment variable, as the configuration reference lists them. */
export const configurationVariables: readonly ConfigurationVariable[] = (Object.keys(environmentSchema.shape) as VariableName[]).map(
  (name) => {
    const schema = environmentSchema.shape[name];
    const text = textOf(name);
    const fixed = 'defaultValue' in schema.def ? (schema.def.defaultValue as string | number).toString() : '';
    return { name, default: (text.whenUnset ?? fixed) || null, meaning: text.meaning, form: text.form, isSecret: text.isSecret ?? false };
  },
);

/** @throws Error when the schema registers no text for the variable. */
export function textOf(name: VariableName): VariableText {
  const text = variableTexts.get(environmentSchema.shape[name]);
  if (!text) throw new Error(`${name} has no text`);
  return text;
}
