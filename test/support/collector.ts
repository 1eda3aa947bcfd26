import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** Nanoseconds since 1970. */
  start: bigint;
  attributes: Record<string, string>;
  /** The traces and spans that it is linked with. */
  links: { traceId: string; spanId: string }[];
}

/** As OTLP writes them in JSON. */
interface OtlpSpan extends Pick<CollectedSpan, 'name' | 'traceId' | 'spanId'> {
  parentSpanId?: string;
  startTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  links?: { traceId: string; spanId: string }[];
}
interface OtlpTraces {
  resourceSpans: { resource: { attributes: OtlpSpan['attributes'] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** Use it to see what a process traces: receives OTLP over HTTP, and keeps it. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** Whatever was received, as it was written. */
  readonly bodies: string[] = [];
  readonly headers: Record<string, unknown>[] = [];
  private server: Server | undefined;

  static async start(): Promise<Collector> {
    const collector = new Collector();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        collector.headers.push(request.headers);
        collector.take(Buffer.concat(chunks).toString());
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    collector.server = server;
    return collector;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  /** The spans of the trace that a span belongs to, oldest first. */
  trace({ traceId }: Pick<CollectedSpan, 'traceId'>): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId).sort((a, b) => (a.start < b.start ? -1 : 1));
  }

  private take(body: string): void {
    this.bodies.push(body);
    for (const { resource, scopeSpans } of (JSON.parse(body) as OtlpTraces).resourceSpans) {
      const service = valuesOf(resource.attributes)['service.name'] ?? '';
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const { name, traceId, spanId, parentSpanId = '', startTimeUnixNano, links = [] } = span;
        const attributes = valuesOf(span.attributes);
        this.spans.push({ service, name, traceId, spanId, parentSpanId, start: BigInt(startTimeUnixNano), attributes, links });
      }
    }
  }
}

const valuesOf = (attributes: OtlpSpan['attributes']): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));

/** Draws a trace as a tree, one line for each span; equal spans below one parent are one line with their number. */
export function drawTrace(spans: CollectedSpan[]): string {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: CollectedSpan | null, depth: number): string[] => {
    const children = spans.filter(({ parentSpanId }) => (parent === null ? !known.has(parentSpanId) : parentSpanId === parent.spanId));
    const drawn = children.map((span) => ({
      line: `${'  '.repeat(depth)}${span.name}${span.service === parent?.service ? '' : `  (${span.service})`}`,
      rest: below(span, depth + 1),
    }));
    const lines: string[] = [];
    const isLeaf = (at: number) => drawn[at]?.rest.length === 0;
    for (let first = 0; first < drawn.length; ) {
      let next = first + 1;
      while (isLeaf(first) && isLeaf(next) && drawn[next]!.line === drawn[first]!.line) next++;
      lines.push(next - first === 1 ? drawn[first]!.line : `${drawn[first]!.line} × ${next - first}`, ...drawn[first]!.rest);
      first = next;
    }
    return lines;
  };
  return below(null, 0).join('\n');
}
