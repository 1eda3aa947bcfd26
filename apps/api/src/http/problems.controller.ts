import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { isProblemCode, Problem, problemCatalogue, problemType } from '#libs/problems/index.js';
import { Public } from '../auth/access.decorator.js';

/** Serves what the `type` of a problem points to. */
@ApiTags('problems')
@Public()
@Controller('problems')
export class ProblemsController {
  @Get()
  list() {
    return { items: Object.keys(problemCatalogue).map(entry) };
  }

  @Get(':code')
  get(@Param('code') code: string) {
    if (!isProblemCode(code)) throw new Problem('not_found');
    return entry(code);
  }
}

function entry(code: string) {
  return isProblemCode(code) ? { type: problemType(code), code, ...problemCatalogue[code] } : undefined;
}
