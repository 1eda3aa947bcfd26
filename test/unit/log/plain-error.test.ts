import { expect } from 'chai';
import { pino } from 'pino';
import { QueryFailedError } from 'typeorm';
import { plainError } from '#libs/log/index.js';
import { requestLog } from '../../../apps/api/src/http/request-log.js';
import { sdkLogger } from '../../../apps/worker/src/sdk-logger.js';

const driverError = Object.assign(new Error('value violates a check'), { detail: 'Failing row contains (ann.lee@contoso.example).' });
const failed = () => new QueryFailedError('INSERT INTO personal_data VALUES ($1)', ['ann.lee@contoso.example'], driverError);

describe('a logged error', () => {
  it('keeps its type, message and stack, and drops the parameters of the query', () => {
    const error = failed();
    expect(plainError(error)).to.deep.equal({ type: 'QueryFailedError', message: 'value violates a check', stack: error.stack });
  });

  it("contains no personal data in the API's log", () => {
    const written: string[] = [];
    const { serializers } = requestLog('info').pinoHttp as { serializers: Record<string, (value: any) => unknown> };
    pino({ serializers }, { write: (line: string) => void written.push(line) }).error(failed());
    expect(written.join('')).to.include('value violates a check').and.not.include('ann.lee');
  });

  it("contains no personal data when the SDK logs an activity's failure", () => {
    const written: string[] = [];
    const note = (line: unknown) => void written.push(String(line));
    const logger = sdkLogger({ verbose: note, debug: note, log: note, warn: note, error: note });
    logger.warn('Activity failed', { error: failed(), attempt: 2, durationNanos: 3n });
    expect(written).to.have.length(1);
    expect(written[0])
      .to.match(/^Activity failed \{.*"attempt":2/)
      .and.include('value violates a check')
      .and.not.include('ann.lee');
  });
});
