/** Two-dimensional pictures: decoding files that nobody vouches for, and keeping them in shards. */
package io.medvol.data.picture;
