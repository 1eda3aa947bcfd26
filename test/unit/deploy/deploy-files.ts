import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export interface ComposeService {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  networks?: string[] | Record<string, unknown>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  build?: unknown;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  volumes?: unknown[];
}

export interface Compose {
  services: Record<string, ComposeService>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>;
}

export interface Container {
  image: string;
  args: string[];
  env: { name: string; value: string }[];
  envFrom: { secretRef: { name: string } }[];
  securityContext: Record<string, unknown>;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts: { name: string; mountPath: string }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
}

interface Probe {
  httpGet: { path: string; port: string };
}

export interface Manifest {
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown> & { template?: { spec: PodSpec } };
}

export interface PodSpec {
  automountServiceAccountToken: boolean;
  securityContext: Record<string, unknown>;
  containers: Container[];
  volumes: { name: string; emptyDir?: { medium?: string } }[];
}

export const examples = readdirSync('deploy/helm/examples')
  .map((file) => file.replace(/\.yaml$/, ''))
  .sort();

/** The settings of `.env.example`, which compose.yaml refers to. */
export const composeVariables: Record<string, string> = Object.fromEntries(
  readFileSync('deploy/compose/.env.example', 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
);

/** compose.yaml as Compose reads it with the settings of `.env.example`. */
export function readCompose(): Compose {
  const filled = readFileSync('deploy/compose/compose.yaml', 'utf8').replace(
    /(?<!\$)\$\{(\w+)(?::[?-]([^}]*))?\}/g,
    (_, name: string, fallback = '') => {
      return composeVariables[name] ?? (fallback as string);
    },
  );
  return parse(filled, { merge: true }) as Compose;
}

/** The manifests that `deploy/helm/render.sh` committed for an example. */
export function readRendered(example: string): Manifest[] {
  const documents = parseAllDocuments(readFileSync(`deploy/helm/rendered/${example}.yaml`, 'utf8'));
  return [...documents].map((document) => document.toJS() as Manifest | null).filter((manifest) => manifest !== null);
}

export const podsOf = (manifests: Manifest[]): { name: string; pod: PodSpec }[] =>
  manifests.flatMap(({ kind, metadata, spec }) => (spec?.template ? [{ name: `${kind} ${metadata.name}`, pod: spec.template.spec }] : []));

/** Every file below a folder, by its path from the root. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

const key = Buffer.alloc(32, 7).toString('base64');

/** A value of the right form for every secret. */
export const sampleSecrets: Record<string, string> = {
  DATABASE_URL: 'postgres://cpor_app:trial@postgres:5432/cpor',
  DATABASE_OWNER_URL: 'postgres://cpor_owner:trial@postgres:5432/cpor',
  TEMPORAL_API_KEY: 'trial',
  SMTP_URL: 'smtp://mailpit:1025',
  CPOR_CODEC_KEYS: `k1:${key}`,
  CPOR_LINK_KEY: key,
  CPOR_WEBHOOK_KEY: key,
  CPOR_SESSION_KEY: key,
};

/** Writes text to a file of its own and returns its path. */
export function sampleFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'cpor-deploy-')), 'value');
  writeFileSync(path, content);
  return path;
}
