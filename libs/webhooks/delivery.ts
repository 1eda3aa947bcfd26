/** One attempt to deliver, with what the receiver answered. */
export interface Attempt {
  /** RFC 3339. */
  at: string;
  ms: number;
  /** Null when there was no answer. */
  status: number | null;
  /** Why there was none. */
  fault: string | null;
  /** The beginning of the answer, or what went wrong. */
  excerpt: string;
}

export const deliveryStates = ['pending', 'delivered', 'given_up'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface Delivery {
  endpointId: string;
  /** The `webhook-id`. */
  eventId: string;
  /** Orders the deliveries of an endpoint. */
  sequence: string;
  type: string;
  claimId: string | null;
  body: string;
  state: DeliveryState;
  /** Attempts that count towards giving up. */
  attempts: number;
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
  /** The latest attempts, the oldest first. */
  log: Attempt[];
}
