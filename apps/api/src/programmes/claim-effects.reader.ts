import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { claimEffects, type ClaimEffects } from '#libs/publications/index.js';

/** Says what the claims of a programme would notice of another version. Writes nothing. */
@Injectable()
export class ClaimEffectsReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  /** Null while the programme has no version in force, and so no claims. */
  read(next: Policy): Promise<ClaimEffects | null> {
    return claimEffects(this.source, this.library, next);
  }
}
