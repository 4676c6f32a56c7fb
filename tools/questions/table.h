// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_TABLE_H_
#define STEMMA_TOOLS_QUESTIONS_TABLE_H_

#include <string>
#include <vector>

namespace stemma::tools {

enum class Alignment { kLeft, kRight };

// Text in columns, two spaces apart, each line indented by two: as wide as their widest cell, but
// for one of more than 40 characters, which pushes its own line only. A line may have fewer cells
// than others; it ends with its last one. `alignments`: by column; what is missing at the end is
// kLeft. REQUIRES: cells are Printable; escape sequences would count.
std::string Table(const std::vector<std::vector<std::string>>& lines,
                  const std::vector<Alignment>& alignments = {});

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_TABLE_H_
