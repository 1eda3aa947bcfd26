import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. Compiled code lies three levels below it. */
export const checkoutRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where set-up puts the Temporal binary, or a link to a fitting one. */
export const temporalBinary = `${checkoutRoot}/.tools/temporal`;

interface TemporalPins {
  version: string;
}

/** The pinned version of the Temporal CLI. Its database file is not migrated between versions, so the file name carries it. */
export function temporalVersion(): string {
  const pins = JSON.parse(readFileSync(`${checkoutRoot}/tools/temporal/pins.json`, 'utf8')) as TemporalPins;
  return pins.version;
}
