import { isIP } from 'node:net';
import { z } from 'zod';
import { callerLimits, parseRateLimits } from './rate-limits.js';

/** What is documented of a variable: its meaning, the form of its value, and whether messages may show the value. */
export interface VariableText {
  meaning: string;
  form: string;
  /** What happens when the variable is not set, if the schema has no fixed default. */
  whenUnset?: string;
  isSecret?: boolean;
}

export const variableTexts = z.registry<VariableText>();

export interface CodecKey {
  id: string;
  /** 32 bytes, for AES-256. */
  key: Uint8Array;
}

const url = (protocol: RegExp, fault: string) => z.url({ protocol, error: fault });
const webUrl = () => url(/^https?$/, 'is not an http or https URL');
const postgresUrl = () => url(/^postgres(ql)?$/, 'is not a PostgreSQL URL');

const codecKeys = z.string().transform((value, context): CodecKey[] => {
  const keys = value.split(',').map((entry) => {
    const [, id, encoded] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=?)\s*$/.exec(entry) ?? [];
    return id && encoded ? { id, key: new Uint8Array(Buffer.from(encoded, 'base64')) } : null;
  });
  keys.forEach((key, index) => {
    if (!key) context.addIssue({ code: 'custom', message: `has an invalid entry ${index + 1}: it must be id:base64 of 32 bytes` });
  });
  const valid = keys.filter((key) => key !== null);
  if (new Set(valid.map((key) => key.id)).size < valid.length)
    context.addIssue({ code: 'custom', message: 'contains the same key id twice' });
  return valid;
});

const key = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=?$/, 'is not base64 of 32 bytes')
  .transform((value): Uint8Array => new Uint8Array(Buffer.from(value, 'base64')));
const keyForm = 'base64 of 32 bytes; create one with: openssl rand -base64 32';

function isNetwork(text: string): boolean {
  const [, address, bits] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address ?? '');
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

const networks = z
  .string()
  .transform((value) => value.split(',').map((network) => network.trim()))
  .refine((list) => list.every(isNetwork), 'is not a list of networks');

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a port number')
  .transform(Number)
  .refine((value) => value <= 65_535, 'is not a port number');

const listenAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/, 'is not an address with a port')
  .refine((value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535, 'has an impossible port');

/** `host:port`, or the absolute path of a socket. */
const clamdAddress = z.string().transform((value, context): { host: string; port: number } | { path: string } => {
  if (value.startsWith('/')) return { path: value };
  const { success } = listenAddress.safeParse(value);
  const at = value.lastIndexOf(':');
  if (success) return { host: value.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(value.slice(at + 1)) };
  context.addIssue({ code: 'custom', message: 'is neither host:port nor the absolute path of a socket' });
  return z.NEVER;
});

const otlpHeaders = z.string().transform((value, context): Record<string, string> => {
  const entries = value.split(',').map((entry) => /^\s*([\w-]+)\s*=\s*([^\s,]+)\s*$/.exec(entry));
  try {
    return Object.fromEntries(entries.map((entry) => [entry![1]!, decodeURIComponent(entry![2]!)]));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a list of headers' });
    return z.NEVER;
  }
});

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not between ${least} and ${most}`);

/** Every environment variable of cpor: its name, form, default and meaning. */
export const environmentSchema = z.object({
  NODE_ENV: z.string().optional().register(variableTexts, {
    meaning: 'Set by Node tooling. With "production", cpor refuses sandbox mode and the embedded token issuer.',
    form: 'production, development or test',
  }),
  CPOR_MODE: z
    .enum(['sandbox', 'production'], { error: 'is neither sandbox nor production' })
    .default('production')
    .register(variableTexts, {
      meaning:
        'What this installation is for. A sandbox has an embedded token issuer and a clock that can be advanced; production has neither.',
      form: 'sandbox or production',
    }),
  DATABASE_URL: postgresUrl().optional().register(variableTexts, {
    meaning: "PostgreSQL, with the application's role, which cannot update or delete events.",
    form: 'postgres://cpor_app:<password>@<host>:5432/cpor',
    whenUnset: 'required by the API and the worker',
    isSecret: true,
  }),
  DATABASE_OWNER_URL: postgresUrl().optional().register(variableTexts, {
    meaning: 'PostgreSQL, with the role that owns the tables; used by migrations only.',
    form: 'postgres://cpor_owner:<password>@<host>:5432/cpor',
    whenUnset: 'migrations cannot be run',
    isSecret: true,
  }),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/:]+:\d{1,5}$/, 'is not host:port')
    .optional()
    .register(variableTexts, {
      meaning: 'Address of the Temporal frontend.',
      form: '<host>:7233',
      whenUnset: 'required by the API and the worker',
    }),
  TEMPORAL_NAMESPACE: z.string().default('cpor').register(variableTexts, { meaning: 'The Temporal namespace.', form: 'a namespace name' }),
  TEMPORAL_UI_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http or https URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .register(variableTexts, {
      meaning: 'Where the web UI of Temporal is. The console links each claim to its workflow there.',
      form: 'a URL such as https://temporal.example.com',
      whenUnset: 'no links; the embedded servers of a sandbox set it',
    }),
  TEMPORAL_API_KEY: z.string().optional().register(variableTexts, {
    meaning: 'API key of a hosted Temporal.',
    form: 'the key from the provider',
    whenUnset: 'no key is sent',
    isSecret: true,
  }),
  TEMPORAL_TLS: z.stringbool({ error: 'is neither true nor false' }).optional().register(variableTexts, {
    meaning: 'Whether to use TLS for Temporal.',
    form: 'true or false',
    whenUnset: 'true when TEMPORAL_API_KEY or a certificate is set, else false',
  }),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().optional().register(variableTexts, {
    meaning: 'The certificate by which cpor identifies itself to Temporal (mTLS). Read at start-up.',
    form: 'the path of a PEM file',
    whenUnset: 'no client certificate is sent',
  }),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().optional().register(variableTexts, {
    meaning: 'The key of that certificate.',
    form: 'the path of a PEM file',
    whenUnset: 'required with TEMPORAL_TLS_CLIENT_CERT_PATH',
  }),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional().register(variableTexts, {
    meaning: "The certificate authority of Temporal's own certificate.",
    form: 'the path of a PEM file',
    whenUnset: 'the public certificate authorities',
  }),
  CPOR_WORKER_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'is not a name of letters, digits, hyphens and underscores')
    .optional()
    .register(variableTexts, {
      meaning:
        'The Worker Deployment that the workers form in Temporal. With it, each build of cpor gets work when "cpor upgrade" says so, as upgrade.md describes. The first one gets it by itself.',
      form: 'a name such as cpor',
      whenUnset: 'workers have no build ids: a new one shares the work with an old one from its start',
    }),
  CPOR_BUILD_ID: z
    .string()
    .regex(/^[\w.+-]{1,64}$/, 'is not an id of letters, digits, dots, hyphens, plus signs and underscores')
    .optional()
    .register(variableTexts, {
      meaning: 'The id of this build in CPOR_WORKER_DEPLOYMENT.',
      form: 'an id such as 1.2.0-4f2a91c',
      whenUnset: 'the version and a digest of the code',
    }),
  CPOR_API_HOST: z.string().default('127.0.0.1').register(variableTexts, {
    meaning: 'The address the API listens on. 0.0.0.0 opens it to the network.',
    form: 'an IP address or host name',
  }),
  CPOR_API_PORT: port
    .default(3000)
    .register(variableTexts, { meaning: 'The port the API listens on; 0 means any free port.', form: 'a number from 0 to 65535' }),
  CPOR_TRUSTED_PROXIES: networks.optional().register(variableTexts, {
    meaning:
      "Networks of the proxies before the API. From them alone it believes X-Forwarded-For, and records the address that they name with a customer's signature.",
    form: 'networks in CIDR notation, separated by commas, such as 10.20.0.0/16',
    whenUnset: 'the address that connects is recorded, which is the proxy',
  }),
  CPOR_PUBLIC_URL: webUrl()
    .transform((value) => value.replace(/\/+$/, ''))
    .optional()
    .register(variableTexts, {
      meaning: 'The URL at which partners and customers reach the API. Links in notices start with it.',
      form: 'https://<host>',
      whenUnset: 'http://<CPOR_API_HOST>:<CPOR_API_PORT> in sandbox mode; required in production',
    }),
  SMTP_URL: url(/^smtps?$/, 'is not an smtp or smtps URL')
    .optional()
    .register(variableTexts, {
      meaning: 'The mail relay for notices and letters.',
      form: 'smtps://<user>:<password>@<host>:465',
      whenUnset: 'smtp://127.0.0.1:1025 in sandbox mode; required by the worker in production',
      isSecret: true,
    }),
  CPOR_MAIL_FROM: z
    .string()
    .regex(/[^\s@<]+@[^\s@>]+/, 'contains no e-mail address')
    .optional()
    .register(variableTexts, {
      meaning: 'The sender of notices and letters.',
      form: 'Name <address@domain>',
      whenUnset: 'cpor <notices@cpor.example> in sandbox mode; required by the worker in production',
    }),
  DIRECTORY_URL: webUrl()
    .refine((value) => !/^https?:\/\/[^/]*@/i.test(value), 'must not contain a user or password')
    .optional()
    .register(variableTexts, {
      meaning: "The vendor's own customer directory, queried as directory-api.md describes.",
      form: 'https://<host>/<path>, which receives look-ups by POST',
      whenUnset: 'the built-in directory is used, which "cpor directory import" fills',
    }),
  DIRECTORY_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'contains characters that are not allowed in an HTTP header')
    .optional()
    .register(variableTexts, {
      meaning: "The bearer token for the vendor's own directory.",
      form: 'the token from the directory',
      whenUnset: 'required in production with DIRECTORY_URL; otherwise no token is sent',
      isSecret: true,
    }),
  OIDC_ISSUER: webUrl().optional().register(variableTexts, {
    meaning: 'The OpenID Connect issuer whose tokens the API accepts. In sandbox mode it replaces the embedded issuer.',
    form: 'https://<issuer>, exactly as in the "iss" claim',
    whenUnset: 'the embedded issuer in sandbox mode; required in production',
  }),
  OIDC_AUDIENCE: z
    .string()
    .default('cpor')
    .register(variableTexts, { meaning: 'The "aud" claim that tokens must contain.', form: 'an audience name' }),
  OIDC_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'contains a space or a character outside ASCII')
    .optional()
    .register(variableTexts, {
      meaning: 'The client that cpor is at the issuer when people sign in with a browser. See connect-an-issuer.md.',
      form: 'the client id from the issuer',
      whenUnset: 'cpor-console with the embedded issuer; otherwise nobody can sign in with a browser',
    }),
  OIDC_CLI_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'contains a space or a character outside ASCII')
    .optional()
    .register(variableTexts, {
      meaning: 'The public client that the command line is at the issuer when people sign in with `cpor login`. See connect-an-issuer.md.',
      form: 'the client id from the issuer',
      whenUnset: 'cpor-cli with the embedded issuer; otherwise `cpor login` needs --client-id',
    }),
  OIDC_CLIENT_SECRET: z.string().optional().register(variableTexts, {
    meaning: 'The secret of that client.',
    form: 'the client secret from the issuer',
    whenUnset: 'the client is a public one, protected by PKCE alone',
    isSecret: true,
  }),
  OIDC_SCOPES: z
    .string()
    .regex(/(^|\s)openid(\s|$)/, 'does not contain the scope openid')
    .default('openid profile email offline_access')
    .register(variableTexts, {
      meaning: 'What is asked of the issuer at sign-in. Without a refresh token, a session ends with its first access token.',
      form: 'scopes separated by spaces, with openid among them',
    }),
  OIDC_TOKEN_TARGET: z
    .string()
    .regex(/^(resource|audience)=\S+$/, 'is neither resource=<uri> nor audience=<name>')
    .transform((value) => {
      const at = value.indexOf('=');
      return { name: value.slice(0, at) as 'resource' | 'audience', value: value.slice(at + 1) };
    })
    .optional()
    .register(variableTexts, {
      meaning:
        'How this issuer is asked for an access token for OIDC_AUDIENCE: by a resource indicator (RFC 8707) or an "audience" parameter.',
      form: 'resource=<uri> or audience=<name>',
      whenUnset: 'neither is sent: the issuer gives this client tokens for OIDC_AUDIENCE anyway',
    }),
  CPOR_SESSION_KEY: key.optional().register(variableTexts, {
    meaning: 'The key that encrypts the tokens of browser sessions in the database. Everyone must sign in again when it changes.',
    form: keyForm,
    whenUnset: 'derived from a generated key in CPOR_DATA_DIR in sandbox mode; required in production with OIDC_CLIENT_ID',
    isSecret: true,
  }),
  CPOR_SESSION_IDLE_MINUTES: wholeNumber(1, 1_440).default(30).register(variableTexts, {
    meaning: 'A browser session ends when it has not been used for this long.',
    form: 'a number of minutes from 1 to 1440',
  }),
  CPOR_SESSION_HOURS: wholeNumber(1, 720).default(12).register(variableTexts, {
    meaning: 'A browser session ends this long after sign-in, however much it is used.',
    form: 'a number of hours from 1 to 720',
  }),
  CPOR_DATA_DIR: z.string().default('.data').register(variableTexts, {
    meaning: 'The folder of the embedded parts: their data, stack.json and the sandbox key.',
    form: 'a path, relative to the working directory',
  }),
  CPOR_CODEC_KEYS: codecKeys.default([]).register(variableTexts, {
    meaning: 'Keys that encrypt Temporal payloads. The first one encrypts; all of them decrypt, so that keys can be rotated.',
    form: 'id:base64(32 bytes), separated by commas; create a key with: openssl rand -base64 32',
    whenUnset: 'payloads are not encrypted; they contain no personal data',
    isSecret: true,
  }),
  CPOR_LINK_KEY: key.optional().register(variableTexts, {
    meaning: "The key from which the secret part of customers' links is derived. Links already sent stay valid when it changes.",
    form: keyForm,
    whenUnset: 'a generated key in CPOR_DATA_DIR in sandbox mode; required by the worker in production',
    isSecret: true,
  }),
  CPOR_WEBHOOK_KEY: key.optional().register(variableTexts, {
    meaning: 'The key that encrypts the secrets of webhook endpoints in the database. When it changes, every secret must be rotated.',
    form: keyForm,
    whenUnset: 'a generated key in CPOR_DATA_DIR in sandbox mode; in production no webhooks are sent',
    isSecret: true,
  }),
  CPOR_WEBHOOK_NETWORKS: networks.optional().register(variableTexts, {
    meaning:
      'Private networks that webhooks may be sent to. Without it, addresses that are not public are refused: loopback, private, link-local and metadata addresses.',
    form: 'networks in CIDR notation, separated by commas, such as 10.20.0.0/16',
    whenUnset: 'none in production; loopback in sandbox mode',
  }),
  CPOR_WEBHOOK_RETRY_SPEED: z.coerce
    .number({ error: 'is not a number from 1 to 1000' })
    .min(1, 'is not a number from 1 to 1000')
    .max(1_000, 'is not a number from 1 to 1000')
    .default(1)
    .register(variableTexts, {
      meaning:
        'How many times sooner than usual failed webhooks are tried again, to watch retries in a sandbox: with 60, a pause of ten minutes takes ten seconds.',
      form: 'a number from 1 to 1000; production accepts only 1',
    }),
  CPOR_SEAL_FILE: z.string().optional().register(variableTexts, {
    meaning:
      'The key and certificate that seal receipts. Keep earlier certificates below them, so that their receipts are still recognised.',
    form: 'the path of a PEM file with an RSA key and its certificate; seal-receipts.md shows how to make one',
    whenUnset: 'a generated pair in CPOR_DATA_DIR in sandbox mode; in production no receipts are made',
  }),
  CPOR_EVIDENCE_SCANNER: z.enum(['none', 'clamav'], { error: 'is neither none nor clamav' }).default('none').register(variableTexts, {
    meaning:
      'The malware scanner for evidence. With "none", every file is marked "unscanned", except the EICAR test file, which is refused. With "clamav", a file stays in quarantine until clamd has found it clean.',
    form: '"none" or "clamav"',
  }),
  CPOR_CLAMD_ADDRESS: clamdAddress.default({ host: '127.0.0.1', port: 3310 }).register(variableTexts, {
    meaning: "Where ClamAV's daemon listens, if it scans the evidence.",
    form: 'host:port, or the absolute path of a socket',
  }),
  CPOR_CHECKPOINT_FOLDER: z.string().optional().register(variableTexts, {
    meaning:
      'The folder to which the worker writes a signed checkpoint of the audit trail once a day, and "cpor checkpoint" on demand. Choose a place that no database account can change.',
    form: 'a path, relative to the working directory',
    whenUnset: 'the worker writes no checkpoints; the command needs --folder',
  }),
  CPOR_CHECKPOINT_KEY_FILE: z.string().optional().register(variableTexts, {
    meaning: 'The key that signs checkpoints. "cpor verify --checkpoint" needs only its public half.',
    form: 'the path of an Ed25519 key (PEM); create one with: openssl genpkey -algorithm ed25519 -out <file>',
    whenUnset: 'the commands need --key',
  }),
  CPOR_RATE_LIMITS: z
    .string()
    .default('')
    .transform((text, context) => {
      const limits = parseRateLimits(text);
      if (limits !== undefined) return limits;
      context.addIssue({ code: 'custom', message: 'is not a list of limits' });
      return z.NEVER;
    })
    .register(variableTexts, {
      meaning: 'How many requests a caller may make, as limits.md describes. Those that are not named keep their defaults.',
      form: `<limit>=<requests>/<seconds>, separated by commas, with the limits ${callerLimits.join(', ')}; or off`,
      whenUnset: 'the defaults of limits.md',
    }),
  CPOR_METRICS: listenAddress.optional().register(variableTexts, {
    meaning: 'Where API and worker serve metrics for Prometheus, at /metrics without sign-in. Only the monitoring should reach it.',
    form: 'an address with a port, such as 127.0.0.1:9464 or [::]:9464, another one for each process of a host',
    whenUnset: 'no metrics are served',
  }),
  CPOR_TEMPORAL_METRICS: listenAddress.optional().register(variableTexts, {
    meaning: "Where the worker serves the metrics of Temporal's SDK: task latencies, retries, cached workflows.",
    form: 'an address with a port, such as 127.0.0.1:9465',
    whenUnset: 'they are not served',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: webUrl().optional().register(variableTexts, {
    meaning:
      "Where traces are sent, by OTLP over HTTP: an OpenTelemetry collector. See trace-a-claim.md. OpenTelemetry's other variables apply too, such as OTEL_TRACES_SAMPLER and OTEL_RESOURCE_ATTRIBUTES.",
    form: 'a URL such as http://127.0.0.1:4318, to which /v1/traces is added',
    whenUnset: 'nothing is traced, and OpenTelemetry is not loaded',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders.default({}).register(variableTexts, {
    meaning: 'Headers of what is sent there, such as an API key.',
    form: 'name=value, separated by commas; values are URL-encoded',
    whenUnset: 'none',
    isSecret: true,
  }),
  CPOR_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'is not a log level' })
    .default('info')
    .register(variableTexts, {
      meaning: 'The lowest level of log lines that are written.',
      form: 'fatal, error, warn, info, debug, trace or silent',
    }),
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof typeof environmentSchema.shape;
