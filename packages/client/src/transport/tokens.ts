import type { ClientOptions } from '../options.js';
import type { Send } from './outgoing.js';

/** Adds the access token. One that is refused is asked for anew, once. */
export const withToken =
  (send: Send, { token, getToken }: Pick<ClientOptions, 'token' | 'getToken'>): Send =>
  async (outgoing) => {
    const sendWith = (value: string | undefined) => {
      const headers = new Headers(outgoing.headers);
      if (value !== undefined && !headers.has('Authorization')) headers.set('Authorization', `Bearer ${value}`);
      return send({ ...outgoing, headers });
    };
    if (getToken === undefined) return sendWith(token);
    const response = await sendWith(await getToken({ forceRefresh: false }));
    return response.status === 401 ? sendWith(await getToken({ forceRefresh: true })) : response;
  };
