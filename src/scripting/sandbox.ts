import { bitLibrary } from './libraries/bit.ts';
import { cjsonLibrary } from './libraries/cjson/cjson.ts';
import { cmsgpackLibrary } from './libraries/cmsgpack/cmsgpack.ts';
import { structLibrary } from './libraries/struct/struct.ts';
