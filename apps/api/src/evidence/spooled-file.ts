import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** An upload spooled to disk, so that slow senders occupy no memory. The file is unlinked, so it vanishes with its handle or the process. */
export class SpooledFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly bytes: number,
  ) {}

  /** Spools a stream to its end. */
  static async of(stream: Readable): Promise<SpooledFile> {
    const path = join(tmpdir(), `cpor-upload-${randomUUID()}`);
    const handle = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      let bytes = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        await handle.write(chunk, 0, chunk.length, bytes);
        bytes += chunk.length;
      }
      return new SpooledFile(handle, bytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(): Promise<Buffer> {
    const content = Buffer.alloc(this.bytes);
    for (let at = 0; at < content.length; ) {
      const { bytesRead } = await this.handle.read(content, at, content.length - at, at);
      if (bytesRead === 0) throw new Error('The spooled file is shorter than what was written to it.');
      at += bytesRead;
    }
    return content;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
