// The operations of the contract as functions, for programs that want nothing but typed requests.
export * from './generated/index.js';
export { client } from './generated/client.gen.js';
