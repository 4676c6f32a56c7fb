#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A program that does not end, for driver_test.
exec sleep 100000
