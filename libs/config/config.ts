import { resolve } from 'node:path';
import { type CodecKey, type Environment, environmentSchema, type VariableName } from './environment.schema.js';
import type { CallerLimit, RateLimit } from './rate-limits.js';
import { type ProcessName, requirements, type Variables } from './requirements.js';
import { namedFile, secretFromFile } from './secret-files.js';
import { configurationVariables, textOf } from './variables.js';

export interface Config<Address extends string | null = string> {
  mode: 'sandbox' | 'production';
  /** `trustedProxies` are networks in CIDR notation. */
  api: { host: string; port: number; publicUrl: string; trustedProxies: string[] };
  database: { url: Address; ownerUrl: string | null };
  temporal: { address: Address; namespace: string; apiKey: string | null; tls: boolean | TemporalTls; uiUrl: string | null };
  /** The worker deployment, and the id of this process's build in it, if one was chosen. Null when workers have no build ids. */
  deployment: { name: string; buildId: string | null } | null;
  mail: { smtpUrl: string; from: string };
  /** The vendor's own directory; null means the built-in one. */
  directory: { url: string; token: string | null } | null;
  /** `isEmbedded` means that the API is its own issuer, which only sandbox mode allows. */
  oidc: { issuer: string; audience: string; isEmbedded: boolean };
  /** Null when nobody can sign in with a browser. */
  signIn: SignInConfig | null;
  /** How people sign in with the command line; null when they cannot. */
  commandLine: Pick<SignInConfig, 'clientId' | 'scopes' | 'tokenTarget'> | null;
  /** An absolute path. */
  dataDirectory: string;
  /** The first one encrypts; all of them decrypt. */
  codecKeys: CodecKey[];
  /** Null when sandbox mode generates its own. */
  linkKey: Uint8Array | null;
  webhooks: WebhookConfig;
  /** The PEM file of the key and certificate that seal receipts; an absolute path. Null when none is set. */
  sealFile: string | null;
  /** Where the malware scanner for evidence listens; null when nothing scans. */
  clamd: Environment['CPOR_CLAMD_ADDRESS'] | null;
  checkpoints: { folder: string | null; keyFile: string | null };
  /** Null for no limits. */
  rateLimits: Record<CallerLimit, RateLimit> | null;
  /** Addresses with ports, on which Prometheus reads; null for none. */
  metrics: { own: string | null; temporal: string | null };
  /** Where traces are sent; null when nothing is traced. */
  traces: { endpoint: string; headers: Record<string, string> } | null;
  logLevel: Environment['CPOR_LOG_LEVEL'];
}

/** TLS for Temporal with certificates of one's own: PEM. */
export interface TemporalTls {
  /** Null when the client does not identify itself by a certificate. */
  client: { certificate: Uint8Array; key: Uint8Array } | null;
  /** Null for the certificate authorities of Node. */
  serverCa: Uint8Array | null;
}

export interface WebhookConfig {
  /** Seals the secrets of endpoints: 32 bytes. Null when none is set; a sandbox generates its own, and production sends no webhooks. */
  key: Uint8Array | null;
  /** Private networks that endpoints may be in, in CIDR notation. */
  allowedNetworks: string[];
  /** Endpoints without TLS, for a sandbox. */
  allowsHttp: boolean;
  /** How many times sooner than usual failed deliveries are tried again; more than 1 in a sandbox only. */
  retrySpeed: number;
}

/** How people sign in with a browser. */
export interface SignInConfig {
  clientId: string;
  /** Null for a public client. */
  clientSecret: string | null;
  /** Separated by spaces. */
  scopes: string;
  /** The parameter that asks for an access token for this API; null when the issuer needs none. */
  tokenTarget: { name: 'resource' | 'audience'; value: string } | null;
  /** 32 bytes; null when sandbox mode generates its own. */
  sessionKey: Uint8Array | null;
  idleMinutes: number;
  maximumHours: number;
}

/** Addresses may be null: the command line can take them from the running stack. */
export type CliConfig = Config<string | null>;

export interface ConfigFault {
  variable: VariableName;
  fault: string;
  /** The advice on what to set. */
  remedy: string;
}

/** Lists every fault of the environment, one per line. It never contains the value of a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: ConfigFault[]) {
    const lines = faults.map(({ variable, fault, remedy }) => `  ${variable} ${fault}. ${remedy}`);
    super(`The configuration has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}:\n${lines.join('\n')}`);
  }
}

/**
 * Reads the configuration of one process from its environment. An empty variable counts as not set; a secret may be in the file that
 * `<name>_FILE` names.
 * @throws ConfigError with all faults at once.
 */
export function readConfig(env: NodeJS.ProcessEnv, process: 'api' | 'worker'): Config;
export function readConfig(env: NodeJS.ProcessEnv, process: 'cli'): CliConfig;
export function readConfig(env: NodeJS.ProcessEnv, process: ProcessName): Config | CliConfig {
  const unread: ConfigFault[] = [];
  const variables = setVariables(env, unread);
  const tls = temporalTls(variables, unread);
  const parsed = environmentSchema.safeParse(variables);
  const malformed = parsed.error?.issues.map((issue) => malformedFault(issue.path[0] as VariableName, issue.message, variables)) ?? [];
  const unmet = requirements
    .filter((requirement) => requirement.processes.includes(process) && requirement.isBroken(variables))
    .map(({ variable, fault, remedy }): ConfigFault => ({ variable, fault, remedy: remedy ?? remedyOf(variable) }));
  const missing = unmet.filter(({ variable }) => !unread.some((fault) => fault.variable === variable));
  if (!parsed.success || missing.length + unread.length > 0) throw new ConfigError([...malformed, ...unread, ...missing]);
  return toConfig(parsed.data, tls);
}

function setVariables(env: NodeJS.ProcessEnv, faults: ConfigFault[]): Variables {
  const entries = configurationVariables.map(({ name, isSecret }) => {
    const fromFile = isSecret ? secretFromFile(env, name, faults) : undefined;
    return [name, fromFile ?? env[name]?.trim()] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** Returns null when no certificate is named. */
function temporalTls(variables: Variables, faults: ConfigFault[]): TemporalTls | null {
  const certificate = namedFile(variables, 'TEMPORAL_TLS_CLIENT_CERT_PATH', faults);
  const key = namedFile(variables, 'TEMPORAL_TLS_CLIENT_KEY_PATH', faults);
  const serverCa = namedFile(variables, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', faults);
  const client = certificate && key ? { certificate, key } : null;
  return client === null && serverCa === undefined ? null : { client, serverCa: serverCa ?? null };
}

function malformedFault(variable: VariableName, fault: string, variables: Variables): ConfigFault {
  const value = variables[variable] ?? '';
  // A secret may have been put into the wrong variable, so only short plain words are repeated.
  const isShowable = !textOf(variable).isSecret && /^[\w.-]{1,16}$/.test(value);
  return { variable, fault: isShowable ? `${fault}: ${JSON.stringify(value)}` : fault, remedy: remedyOf(variable) };
}

function remedyOf(variable: VariableName): string {
  return `Set ${textOf(variable).form}.`;
}

function toConfig(env: Environment, ownTls: TemporalTls | null): CliConfig {
  const publicUrl = env.CPOR_PUBLIC_URL ?? `http://${env.CPOR_API_HOST}:${env.CPOR_API_PORT}`;
  const isEmbedded = env.CPOR_MODE === 'sandbox' && env.OIDC_ISSUER === undefined;
  return {
    mode: env.CPOR_MODE,
    api: { host: env.CPOR_API_HOST, port: env.CPOR_API_PORT, publicUrl, trustedProxies: env.CPOR_TRUSTED_PROXIES ?? [] },
    database: { url: env.DATABASE_URL ?? null, ownerUrl: env.DATABASE_OWNER_URL ?? null },
    temporal: {
      address: env.TEMPORAL_ADDRESS ?? null,
      namespace: env.TEMPORAL_NAMESPACE,
      apiKey: env.TEMPORAL_API_KEY ?? null,
      tls: env.TEMPORAL_TLS === false ? false : (ownTls ?? env.TEMPORAL_TLS ?? env.TEMPORAL_API_KEY !== undefined),
      uiUrl: env.TEMPORAL_UI_URL ?? null,
    },
    deployment: env.CPOR_WORKER_DEPLOYMENT === undefined ? null : { name: env.CPOR_WORKER_DEPLOYMENT, buildId: env.CPOR_BUILD_ID ?? null },
    mail: { smtpUrl: env.SMTP_URL ?? 'smtp://127.0.0.1:1025', from: env.CPOR_MAIL_FROM ?? 'cpor <notices@cpor.example>' },
    directory: env.DIRECTORY_URL === undefined ? null : { url: env.DIRECTORY_URL, token: env.DIRECTORY_TOKEN ?? null },
    oidc: {
      issuer: env.OIDC_ISSUER ?? embeddedIssuer(publicUrl),
      audience: env.OIDC_AUDIENCE,
      isEmbedded,
    },
    signIn: signInOf(env, isEmbedded),
    commandLine: commandLineOf(env, isEmbedded),
    dataDirectory: resolve(env.CPOR_DATA_DIR),
    codecKeys: env.CPOR_CODEC_KEYS,
    linkKey: env.CPOR_LINK_KEY ?? null,
    webhooks: {
      key: env.CPOR_WEBHOOK_KEY ?? null,
      allowedNetworks: env.CPOR_WEBHOOK_NETWORKS ?? (env.CPOR_MODE === 'sandbox' ? ['127.0.0.0/8', '::1/128'] : []),
      allowsHttp: env.CPOR_MODE === 'sandbox',
      retrySpeed: env.CPOR_WEBHOOK_RETRY_SPEED,
    },
    sealFile: env.CPOR_SEAL_FILE === undefined ? null : resolve(env.CPOR_SEAL_FILE),
    clamd: env.CPOR_EVIDENCE_SCANNER === 'clamav' ? env.CPOR_CLAMD_ADDRESS : null,
    checkpoints: { folder: env.CPOR_CHECKPOINT_FOLDER ?? null, keyFile: env.CPOR_CHECKPOINT_KEY_FILE ?? null },
    rateLimits: env.CPOR_RATE_LIMITS,
    metrics: { own: env.CPOR_METRICS ?? null, temporal: env.CPOR_TEMPORAL_METRICS ?? null },
    traces:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, headers: env.OTEL_EXPORTER_OTLP_HEADERS },
    logLevel: env.CPOR_LOG_LEVEL,
  };
}

/** Where the embedded issuer is, below the public URL. */
export const issuerPath = '/sandbox/issuer';

/** The clients that the embedded issuer knows. */
const embeddedClient = 'cpor-console';
const embeddedCommandLine = 'cpor-cli';

function signInOf(env: Environment, isEmbedded: boolean): SignInConfig | null {
  const clientId = env.OIDC_CLIENT_ID ?? (isEmbedded ? embeddedClient : null);
  if (clientId === null) return null;
  return {
    clientId,
    clientSecret: env.OIDC_CLIENT_SECRET ?? null,
    scopes: env.OIDC_SCOPES,
    tokenTarget: env.OIDC_TOKEN_TARGET ?? null,
    sessionKey: env.CPOR_SESSION_KEY ?? null,
    idleMinutes: env.CPOR_SESSION_IDLE_MINUTES,
    maximumHours: env.CPOR_SESSION_HOURS,
  };
}

function commandLineOf(env: Environment, isEmbedded: boolean): CliConfig['commandLine'] {
  const clientId = env.OIDC_CLI_CLIENT_ID ?? (isEmbedded ? embeddedCommandLine : null);
  return clientId === null ? null : { clientId, scopes: env.OIDC_SCOPES, tokenTarget: env.OIDC_TOKEN_TARGET ?? null };
}

/** Returns the issuer URL of an API that is its own issuer. */
export function embeddedIssuer(publicUrl: string): string {
  return `${publicUrl}${issuerPath}`;
}
