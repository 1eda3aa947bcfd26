import { client } from '../client/client.gen.js';

export interface Session {
  isSignedIn: boolean;
  subject: string | null;
  name: string | null;
  csrfToken: string | null;
}

export const sessionGet = () => client.get<{ 200: Session }>({ url: '/session' });
export const sessionSignOut = ({ body }: { body: { scope: 'here' | 'everywhere' } }) =>
  client.post<{ 200: { signOutUrl: string | null } }>({ url: '/sign-out', body, headers: { 'Content-Type': 'application/json' } });
