// ioredis 4 has no types of its own. What is used of it here is as in 5.
declare module 'ioredis-4' {
  import { Redis } from 'ioredis';

  export default Redis;
}
