/** What commands work with. */

import type { Surroundings, Views } from '../views';

export interface Tools extends Surroundings {
  views: Views;
}
