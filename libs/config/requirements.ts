import type { VariableName } from './environment.schema.js';

export type ProcessName = 'api' | 'worker' | 'cli';
export type Variables = Partial<Record<VariableName, string>>;

interface Requirement {
  variable: VariableName;
  processes: ProcessName[];
  isBroken: (variables: Variables) => boolean;
  fault: string;
  /** What to do, if it is not to set a value of the variable's form. */
  remedy?: string;
}

const inProduction = (variables: Variables) => variables.CPOR_MODE !== 'sandbox';
const notHttps = (url: string | undefined) => url !== undefined && !/^https:/i.test(url);

function required(variable: VariableName, processes: ProcessName[], when: (variables: Variables) => boolean = () => true): Requirement {
  const reason = when === inProduction ? 'is required in production' : 'is required';
  return { variable, processes, isBroken: (variables) => when(variables) && variables[variable] === undefined, fault: reason };
}

function https(variable: VariableName, processes: ProcessName[]): Requirement {
  return {
    variable,
    processes,
    isBroken: (variables) => inProduction(variables) && notHttps(variables[variable]),
    fault: 'must be https in production',
  };
}

function together(variable: VariableName, other: VariableName): Requirement {
  return {
    variable,
    processes: ['api', 'worker', 'cli'],
    isBroken: (variables) => variables[other] !== undefined && variables[variable] === undefined,
    fault: `is required with ${other}`,
  };
}

/**
 * What the schema cannot express: which process needs which variable, and which values contradict each other. Checked on the raw values, so that
 * these faults are listed together with malformed values.
 */
export const requirements: readonly Requirement[] = [
  {
    variable: 'CPOR_MODE',
    processes: ['api', 'worker', 'cli'],
    isBroken: (variables) => variables.CPOR_MODE === 'sandbox' && variables.NODE_ENV === 'production',
    fault: 'is sandbox while NODE_ENV is production; a sandbox issues tokens and moves the clock',
    remedy: 'Set CPOR_MODE=production, or change NODE_ENV.',
  },
  required('DATABASE_URL', ['api', 'worker']),
  required('TEMPORAL_ADDRESS', ['api', 'worker']),
  together('TEMPORAL_TLS_CLIENT_KEY_PATH', 'TEMPORAL_TLS_CLIENT_CERT_PATH'),
  together('TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'),
  required('CPOR_PUBLIC_URL', ['api', 'worker'], inProduction),
  https('CPOR_PUBLIC_URL', ['api', 'worker']),
  required('SMTP_URL', ['worker'], inProduction),
  required('CPOR_MAIL_FROM', ['worker'], inProduction),
  required('CPOR_LINK_KEY', ['worker'], inProduction),
  https('DIRECTORY_URL', ['api', 'worker']),
  {
    variable: 'DIRECTORY_TOKEN',
    processes: ['api', 'worker'],
    isBroken: (variables) => inProduction(variables) && variables.DIRECTORY_URL !== undefined && variables.DIRECTORY_TOKEN === undefined,
    fault: 'is required in production with DIRECTORY_URL',
  },
  {
    variable: 'CPOR_CHECKPOINT_KEY_FILE',
    processes: ['worker'],
    isBroken: (variables) => variables.CPOR_CHECKPOINT_FOLDER !== undefined && variables.CPOR_CHECKPOINT_KEY_FILE === undefined,
    fault: 'is required with CPOR_CHECKPOINT_FOLDER',
  },
  required('OIDC_ISSUER', ['api', 'worker'], inProduction),
  {
    variable: 'CPOR_WEBHOOK_RETRY_SPEED',
    processes: ['worker'],
    isBroken: (variables) => inProduction(variables) && (variables.CPOR_WEBHOOK_RETRY_SPEED ?? '1') !== '1',
    fault: 'is for sandboxes: receivers in production count on the pauses',
    remedy: 'Remove it.',
  },
  https('OIDC_ISSUER', ['api', 'worker']),
  {
    variable: 'CPOR_SESSION_KEY',
    processes: ['api'],
    isBroken: (variables) => inProduction(variables) && variables.OIDC_CLIENT_ID !== undefined && variables.CPOR_SESSION_KEY === undefined,
    fault: 'is required in production with OIDC_CLIENT_ID',
  },
];
