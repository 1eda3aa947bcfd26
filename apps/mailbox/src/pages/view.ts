import type { MailOrigin } from '#libs/notices/index.js';
import type { MessageSummary, Recipient } from '../message.store.js';
import type { ClockReading } from '../product.js';
import type { Instants } from './instants.js';
import type { Wish } from './wish.js';

/** What every page shows. */
export interface View {
  wish: Wish;
  clock: ClockReading;
  instants: Instants;
  /** Undefined when it is not known where people reach the API. */
  publicUrl: string | undefined;
  recipients: Recipient[];
  /** One page of the mails that match. */
  messages: MessageSummary[];
  /** From 1. */
  page: number;
  pages: number;
  /** The position of the page's first mail among those that match, from 1. */
  firstPosition: number;
  matching: number;
  all: number;
  /** By Message-ID. */
  origins: Map<string, MailOrigin>;
}
