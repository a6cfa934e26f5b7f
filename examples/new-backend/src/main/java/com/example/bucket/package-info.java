/** Storage in a bucket that is served over HTTP. */
@NullMarked
package com.example.bucket;

import org.jspecify.annotations.NullMarked;
