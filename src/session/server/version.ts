export { REDIS_VERSION } from '../../version.ts';
