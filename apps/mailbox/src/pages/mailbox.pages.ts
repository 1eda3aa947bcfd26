import { html } from '#libs/html/index.js';
import type { Message, MessageStore } from '../message.store.js';
import type { Product } from '../product.js';
import { texts } from '../texts/index.js';
import { frame } from './frame.js';
import { instantsIn } from './instants.js';
import { listPane } from './list.pane.js';
import { mailPane, missingMailPane, noMailPane } from './mail.pane.js';
import type { View } from './view.js';
import type { Wish } from './wish.js';

const pageLength = 50;

export interface PageSettings {
  publicUrl?: string | undefined;
  zone?: string | undefined;
}

/** Renders the pages that people read. */
export class MailboxPages {
  constructor(
    private readonly store: MessageStore,
    private readonly product: Product,
    private readonly settings: PageSettings,
  ) {}

  async list(wish: Wish): Promise<string> {
    const view = await this.view(wish);
    const { title } = texts[wish.language];
    const body = html`${listPane(view, '/', null)}\n${noMailPane(view)}`;
    return frame(view, { title, path: '/', shows: 'listing', body });
  }

  async message(wish: Wish, message: Message): Promise<string> {
    const view = await this.view(wish, message);
    const words = texts[wish.language];
    const path = `/view/${message.id}`;
    const body = html`${listPane(view, path, message.id)}\n${mailPane(view, message)}`;
    return frame(view, { title: `${message.subject || words.message.noSubject} – ${words.title}`, path, shows: 'reading', body });
  }

  async missing(wish: Wish): Promise<string> {
    const view = await this.view(wish);
    const words = texts[wish.language];
    const body = html`${listPane(view, '/', null)}\n${missingMailPane(view)}`;
    return frame(view, { title: `${words.message.missing} – ${words.title}`, path: '/', shows: 'reading', body });
  }

  private async view(wish: Wish, selected?: Message): Promise<View> {
    const matching = this.store.list({ to: wish.to || undefined, words: wish.words });
    const pages = Math.max(1, Math.ceil(matching.length / pageLength));
    const place = matching.findIndex(({ id }) => id === selected?.id);
    const page = Math.min(pages, wish.page ?? Math.floor(Math.max(0, place) / pageLength) + 1);
    const start = (page - 1) * pageLength;
    const messages = matching.slice(start, start + pageLength);
    const shown = selected === undefined ? messages : [...messages, selected];
    const [clock, origins] = await Promise.all([
      this.product.clock(),
      this.product.originsOf([...new Set(shown.map(({ messageId }) => messageId))]),
    ]);
    return {
      wish,
      clock,
      instants: instantsIn(wish.language, this.settings.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
      publicUrl: this.settings.publicUrl,
      recipients: this.store.recipients(),
      messages,
      page,
      pages,
      firstPosition: start + 1,
      matching: matching.length,
      all: this.store.size,
      origins,
    };
  }
}
