import type { FastifyInstance } from 'fastify';
import { Problem } from '#libs/problems/index.js';

interface Route {
  segments: string[];
  methods: Set<string>;
}

/** Answers 405 if a path exists but does not allow the request's method, and answers OPTIONS with the allowed methods (RFC 9110). */
export function answerOtherMethods(server: FastifyInstance): void {
  const routes = new Map<string, Route>();
  server.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { segments: url.split('/'), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    routes.set(url, route);
  });
  server.addHook('onRequest', (request, reply, done) => {
    const path = pathOf(request.url);
    // A literal path takes precedence over one with a parameter, even if only the latter allows the method.
    const exact = routes.get(path)?.methods;
    if (exact?.has(request.method)) return done();
    const methods = exact ? [...exact].sort() : request.is404 ? methodsAt([...routes.values()], path) : [];
    if (methods.length === 0) return done();
    const headers = { Allow: [...methods, 'OPTIONS'].join(', ') };
    if (request.method === 'OPTIONS') void reply.code(204).headers(headers).send();
    else done(new Problem('method_not_allowed', { headers, detail: `Allowed methods: ${headers.Allow}.` }));
  });
}

const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** Returns the methods of the most specific route that matches a path, as the router would choose it. */
function methodsAt(routes: Route[], path: string): string[] {
  const parts = path.split('/');
  const fitting = routes.filter(({ segments }) => fits(segments, parts));
  const [closest] = fitting.sort((a, b) => parametersOf(a) - parametersOf(b));
  return [...(closest?.methods ?? [])].sort();
}

const fits = (segments: string[], parts: string[]): boolean =>
  segments.length === parts.length &&
  segments.every((segment, at) => segment === parts[at] || (segment.startsWith(':') && parts[at] !== ''));

const parametersOf = ({ segments }: Route): number => segments.filter((segment) => segment.startsWith(':')).length;
