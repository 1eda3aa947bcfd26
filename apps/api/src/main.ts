import { Logger } from '@nestjs/common';
import { ConfigError, readConfig } from '#libs/config/index.js';
import { createApp } from './create-app.js';

async function main(): Promise<void> {
  const config = readConfig(process.env, 'api');
  const app = await createApp(config);
  await app.listen(config.api.port, config.api.host);
  new Logger('Api').log(`The API listens on ${await app.getUrl()}.`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
