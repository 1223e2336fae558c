import { Userdata } from '../../lua/values/userdata.ts';

/** `cjson.null`: the null pointer, so it is the same value everywhere, and prints as one. */
export const JSON_NULL = new Userdata('(nil)');
