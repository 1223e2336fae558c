import type { Output } from '../../keyspace/operations.ts';
import { GeoOperations } from './geo-operations.ts';
import { GeoRadiusOperations } from './geo-radius-operations.ts';
import { GeoSearchOperations } from './geo-search-operations.ts';

/** The geospatial commands. */
export interface GeoFamilyOperations<O extends Output>
  extends GeoOperations<O>,
    GeoSearchOperations<O>,
    GeoRadiusOperations<O> {}

/** The classes that have them. */
export const geoFamilyClasses = [GeoOperations, GeoSearchOperations, GeoRadiusOperations] as const;
