/** How long a session lasts. */
export interface SessionLimits {
  /** Without use. */
  idleMinutes: number;
  /** Since sign-in, however much it is used. */
  maximumHours: number;
}

/** The issuer's tokens of one session. They are stored encrypted and never leave the server. */
export interface IssuerTokens {
  access: string;
  /** Null when the issuer gave none: the session then ends with its access token. */
  refresh: string | null;
  /** The latest ID token, which names the session to the issuer at log-out. */
  id: string;
  /** The person's name as the issuer tells it, for display. */
  name: string | null;
}

/** A session that has not ended. */
export interface Session {
  sessionId: string;
  issuer: string;
  subject: string;
  tokens: IssuerTokens;
  accessExpiresAt: Date;
  /** When it ends unless it is used before, and when it ends at the latest. */
  idleUntil: Date;
  endsAt: Date;
  /** Whether its last use was stored long enough ago to be stored again. */
  isUseDue: boolean;
}

/** A session as its owner and operators see it. */
export interface SessionView {
  sessionId: string;
  subject: string;
  /** Browser and system, such as "Firefox on Linux". */
  browser: string;
  signedInAt: string;
  usedAt: string;
  idleUntil: string;
  endsAt: string;
}

export interface NewSession {
  issuer: string;
  /** Of the access token. */
  subject: string;
  /** Of the ID token: what the issuer calls the person towards this client. */
  issuerSubject: string;
  /** The issuer's id of its session, if it has one. */
  issuerSession: string | null;
  tokens: IssuerTokens;
  accessExpiresAt: Date;
  browser: string;
}
