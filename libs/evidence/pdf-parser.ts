export type PdfValue = number | boolean | null | Buffer | PdfName | PdfReference | PdfValue[] | PdfDictionary;
export type PdfDictionary = Map<string, PdfValue>;

export class PdfName {
  constructor(readonly name: string) {}
}

export class PdfReference {
  constructor(
    readonly object: number,
    readonly generation: number,
  ) {}
}

/** Far more than any trailer or encryption dictionary; the parser reads no further. */
const windowBytes = 64 * 1024;
const maximumDepth = 20;
const delimiters = '()<>[]{}/%';
const blanks = '\0\t\n\f\r ';

/** Parses the dictionary at this offset, or returns null if there is none. Never throws, whatever the bytes. */
export function readDictionary(bytes: Buffer, offset: number): PdfDictionary | null {
  try {
    const value = new PdfReader(bytes.toString('latin1', offset, offset + windowBytes)).value(0);
    return value instanceof Map ? value : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

class Malformed extends Error {}

/** Parses objects outside streams (ISO 32000-2, 7.2 and 7.3). */
class PdfReader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): PdfValue {
    if (depth > maximumDepth) throw new Malformed();
    this.skipBlanks();
    if (this.take('<<')) return this.dictionary(depth);
    if (this.take('<')) return this.hexadecimal();
    if (this.take('(')) return this.literal();
    if (this.take('[')) return this.array(depth);
    if (this.take('/'))
      return new PdfName(this.word().replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))));
    return this.plain();
  }

  private dictionary(depth: number): PdfDictionary {
    const entries: PdfDictionary = new Map();
    for (;;) {
      this.skipBlanks();
      if (this.take('>>')) return entries;
      const key = this.value(depth + 1);
      if (!(key instanceof PdfName)) throw new Malformed();
      entries.set(key.name, this.value(depth + 1));
    }
  }

  private array(depth: number): PdfValue[] {
    const values: PdfValue[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.take(']')) return values;
      values.push(this.value(depth + 1));
    }
  }

  private hexadecimal(): Buffer {
    const end = this.text.indexOf('>', this.at);
    if (end === -1) throw new Malformed();
    const digits = this.text.slice(this.at, end).replace(/[\0\s]/g, '');
    this.at = end + 1;
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
  }

  private literal(): Buffer {
    let text = '';
    for (let open = 1; ; this.at += 1) {
      const character = this.text[this.at];
      if (character === undefined) throw new Malformed();
      if (character === '\\') {
        text += this.escaped();
        continue;
      }
      if (character === '(') open += 1;
      if (character === ')' && --open === 0) break;
      // Any unescaped line end counts as a line feed.
      text += character === '\r' ? '\n' : character;
      if (character === '\r' && this.text[this.at + 1] === '\n') this.at += 1;
    }
    this.at += 1;
    return Buffer.from(text, 'latin1');
  }

  /** Reads an escape sequence and leaves the position at its last character. */
  private escaped(): string {
    const [octal] = /^[0-7]{1,3}/.exec(this.text.slice(this.at + 1, this.at + 4)) ?? [];
    if (octal !== undefined) {
      this.at += octal.length;
      return String.fromCharCode(parseInt(octal, 8) & 0xff);
    }
    this.at += 1;
    const character = this.text[this.at] ?? '';
    if (character === '\r' && this.text[this.at + 1] === '\n') this.at += 1;
    return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '', '\r': '' }[character] ?? character;
  }

  /** Reads a number, an object reference, `true`, `false` or `null`. */
  private plain(): PdfValue {
    const word = this.word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(word)) throw new Malformed();
    const [reference, generation] = /^[\0\s]+(\d+)[\0\s]+R(?![^\0\s()<>[\]{}/%])/.exec(this.text.slice(this.at, this.at + 32)) ?? [];
    if (reference === undefined) return Number(word);
    this.at += reference.length;
    return new PdfReference(Number(word), Number(generation));
  }

  private word(): string {
    const start = this.at;
    while (this.at < this.text.length && !(delimiters + blanks).includes(this.text[this.at] ?? '')) this.at += 1;
    return this.text.slice(start, this.at);
  }

  private skipBlanks(): void {
    for (;;) {
      while (this.at < this.text.length && blanks.includes(this.text[this.at] ?? '')) this.at += 1;
      if (this.text[this.at] !== '%') return;
      while (this.at < this.text.length && !'\r\n'.includes(this.text[this.at] ?? '')) this.at += 1;
    }
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }
}
