// Which form lies on which pages of a capture.
#ifndef HOTICH_SERVICE_FORM_MATCH_H_
#define HOTICH_SERVICE_FORM_MATCH_H_

#include <vector>

#include "service/layout.h"

namespace hotich::service {

// One form over all pages, or one on each, or none: see FindLayout. `views` are as many as `pages`.
std::vector<FormInstance> MatchForms(const LayoutTask& task, const std::vector<v1::Page>& pages,
                                     const std::vector<form::PageView>& views);

// Another form than the book's named one that lines and print tell; null = none, or no form is
// named. Forms of every kind are asked.
const v1::FormTemplate* RatherAnotherForm(const LayoutTask& task,
                                          const std::vector<v1::Page>& pages,
                                          const std::vector<form::PageView>& views,
                                          const std::vector<FormInstance>& instances);

// How surely some form in question lies there, by its lines and its print, also where the book
// names its form: [0,1], 0 = none does. A `read_line` that reads nothing leaves the lines alone.
double ProofOfForm(const LayoutTask& task, const std::vector<form::PageView>& views,
                   const std::vector<FormInstance>& instances,
                   const form::ReadPrintedLine& read_line);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_FORM_MATCH_H_
