/** Blocks for mail servers. */
@NullMarked
package com.example.mail;

import org.jspecify.annotations.NullMarked;
