import { readFileSync } from 'node:fs';
import type { VariableName } from './environment.schema.js';

/** A file that a variable names and that gives no value. */
export interface FileFault {
  variable: VariableName;
  fault: string;
  remedy: string;
}

/**
 * Reads the value of a secret from the file that `<name>_FILE` names, as container platforms mount secrets. White space around it does not count.
 * @returns undefined if no file is named
 */
export function secretFromFile(env: NodeJS.ProcessEnv, name: VariableName, faults: FileFault[]): string | undefined {
  const path = env[`${name}_FILE`]?.trim();
  if (!path) return undefined;
  const remedy = `Set ${name}_FILE to the path of a file with the value, or remove it.`;
  if (env[name]?.trim()) {
    faults.push({ variable: name, fault: `is set together with ${name}_FILE`, remedy: `Remove one of them.` });
    return undefined;
  }
  const value = readNamed(path, name, `${name}_FILE`, remedy, faults)?.toString('utf8').trim();
  if (value === '') faults.push({ variable: name, fault: `is empty in the file that ${name}_FILE names`, remedy });
  return value;
}

/** Reads a file that a variable names. @returns undefined if none is named */
export function namedFile(env: Partial<Record<VariableName, string>>, name: VariableName, faults: FileFault[]): Uint8Array | undefined {
  const path = env[name];
  if (path === undefined) return undefined;
  return readNamed(path, name, name, `Set ${name} to the path of a readable file.`, faults);
}

function readNamed(path: string, variable: VariableName, source: string, remedy: string, faults: FileFault[]): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    faults.push({ variable, fault: `cannot be read from the file that ${source} names (${code ?? 'unknown'})`, remedy });
    return undefined;
  }
}
