// How well a form laid over a page agrees with the lines found there. Private to ocr/form.
#ifndef HOTICH_OCR_FORM_AGREEMENT_H_
#define HOTICH_OCR_FORM_AGREEMENT_H_

#include "ocr/form/form.h"

namespace hotich::form {

// [0,1]: the worse of rows and columns counts, see agreement.cc.
double Agreement(const v1::FormPage& form_page, const v1::FormPlacement& placement,
                 const std::vector<v1::Ruling>& found);

}  // namespace hotich::form

#endif  // HOTICH_OCR_FORM_AGREEMENT_H_
