/** The code of the pages in docs/, run. */
@NullMarked
package dev.sheave.examples.docs;

import org.jspecify.annotations.NullMarked;
