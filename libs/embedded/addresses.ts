import { findFreePort } from './ports.js';

/** The preferred ports of a stack, all on the loopback address. */
export const usualPorts = {
  api: 3000,
  temporal: 7233,
  temporalUi: 8233,
  postgres: 5433,
  smtp: 1025,
  mailbox: 8025,
  apiMetrics: 9464,
  workerMetrics: 9465,
};

export type StackPorts = typeof usualPorts;

/** Any free ports, for a stack beside another one. */
export const freePorts: StackPorts = {
  api: 0,
  temporal: 0,
  temporalUi: 0,
  postgres: 0,
  smtp: 0,
  mailbox: 0,
  apiMetrics: 0,
  workerMetrics: 0,
};

/** The addresses of a running stack. Null where the user's own server replaces ours. */
export interface StackAddresses {
  apiUrl: string;
  mailboxUrl: string | null;
  smtpUrl: string;
  temporalAddress: string;
  /** The page of Temporal's UI that lists our workflows. */
  temporalUiUrl: string | null;
  databaseUrl: string;
  databaseOwnerUrl: string;
  /** What Prometheus reads, of each process that serves metrics. */
  metricsUrls: { api: string; worker: string };
}

const portNames: Record<keyof StackPorts, string> = {
  api: 'the API',
  temporal: 'Temporal',
  temporalUi: 'the Temporal UI',
  postgres: 'PostgreSQL',
  smtp: 'the mailbox (SMTP)',
  mailbox: 'the mailbox (web page)',
  apiMetrics: "the API's metrics",
  workerMetrics: "the worker's metrics",
};

/** Finds a free port for an app, and reports it when it is not the preferred one. */
export async function choosePort(name: keyof StackPorts, wanted: number, say: (line: string) => void): Promise<number> {
  const port = await findFreePort(wanted);
  sayReplacement(name, wanted, port, say);
  return port;
}

/** Reports that a preferred port was taken. */
export function sayReplacement(name: keyof StackPorts, wanted: number, port: number, say: (line: string) => void): void {
  if (wanted !== 0 && port !== wanted) say(`Port ${wanted} is in use; ${portNames[name]} uses ${port} instead.`);
}

/** Returns the environment variables by which apps and the command line find the stack. */
export function stackSettings(addresses: StackAddresses, dataDirectory: string, base: NodeJS.ProcessEnv): Record<string, string> {
  return {
    CPOR_MODE: base['CPOR_MODE'] || 'sandbox',
    DATABASE_URL: addresses.databaseUrl,
    DATABASE_OWNER_URL: addresses.databaseOwnerUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    ...(addresses.temporalUiUrl !== null && { TEMPORAL_UI_URL: new URL(addresses.temporalUiUrl).origin }),
    TEMPORAL_NAMESPACE: namespaceOf(base),
    CPOR_API_HOST: '127.0.0.1',
    CPOR_API_PORT: new URL(addresses.apiUrl).port,
    CPOR_PUBLIC_URL: base['CPOR_PUBLIC_URL'] || addresses.apiUrl,
    SMTP_URL: addresses.smtpUrl,
    CPOR_DATA_DIR: dataDirectory,
  };
}

export function namespaceOf(base: NodeJS.ProcessEnv): string {
  return base['TEMPORAL_NAMESPACE'] || 'cpor';
}
